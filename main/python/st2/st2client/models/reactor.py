"""Sensors, triggers and rules."""

from st2client.models.core import Resource

__all__ = ["Rule", "RuleEnforcement", "Sensor", "Trigger", "TriggerInstance", "TriggerType"]


class Sensor(Resource):
    _plural = "Sensortypes"
    _repr_attributes = ("name", "pack")


class TriggerType(Resource):
    _alias = "Trigger"
    _display_name = "Trigger"
    _plural = "Triggertypes"
    _plural_display_name = "Triggers"
    _repr_attributes = ("name", "pack")


class TriggerInstance(Resource):
    _alias = "Trigger-Instance"
    _display_name = "Trigger Instance"
    _plural = "Triggerinstances"
    _plural_display_name = "TriggerInstances"
    _repr_attributes = ("id", "trigger", "occurrence_time", "payload", "status")


class Trigger(Resource):
    _alias = "TriggerSpecification"
    _display_name = "Trigger Specification"
    _plural = "Triggers"
    _plural_display_name = "Trigger Specifications"
    _repr_attributes = ("name", "pack")


class Rule(Resource):
    _alias = "Rule"
    _plural = "Rules"
    _repr_attributes = ("name", "pack", "trigger", "criteria", "enabled")


class RuleEnforcement(Resource):
    _alias = "Rule-Enforcement"
    _plural = "RuleEnforcements"
    _display_name = "Rule Enforcement"
    _plural_display_name = "Rule Enforcements"
    _repr_attributes = ("id", "trigger_instance_id", "execution_id", "enforced_at")
