"""What a sentence had run."""

from st2client.models.core import Resource

__all__ = ["ActionAliasExecution"]


class ActionAliasExecution(Resource):
    _alias = "Action-Alias-Execution"
    _display_name = "ActionAlias Execution"
    _plural = "ActionAliasExecutions"
    _url_path = "aliasexecution"
    _repr_attributes = ("name", "format", "command", "user", "source_channel")
