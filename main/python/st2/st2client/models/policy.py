"""Policies."""

from st2client.models.core import Resource

__all__ = ["Policy", "PolicyType"]


class PolicyType(Resource):
    _alias = "Policy-Type"
    _display_name = "Policy type"
    _plural = "PolicyTypes"
    _plural_display_name = "Policy types"
    _repr_attributes = ("ref", "enabled", "description")


class Policy(Resource):
    _plural = "Policies"
    _repr_attributes = ("name", "pack", "enabled", "policy_type", "resource_ref")
