"""Actions, what runs them, and their executions."""

from st2client.models.core import Resource

__all__ = ["Action", "Execution", "LiveAction", "RunnerType"]


class RunnerType(Resource):
    _alias = "Runner"
    _display_name = "Runner"
    _plural = "RunnerTypes"
    _plural_display_name = "Runners"
    _repr_attributes = ("name", "enabled", "description")


class Action(Resource):
    _plural = "Actions"
    _url_path = "actions"
    _repr_attributes = ("name", "pack", "enabled", "runner_type")


class Execution(Resource):
    _alias = "Execution"
    _display_name = "Action Execution"
    _url_path = "executions"
    _plural = "ActionExecutions"
    _plural_display_name = "Action executions"
    _repr_attributes = ("status", "action", "start_timestamp", "end_timestamp", "parameters")


class LiveAction(Execution):
    """The old name."""
