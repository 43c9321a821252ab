"""Action aliases."""

from st2client.models.core import Resource

__all__ = ["ActionAlias", "ActionAliasMatch"]


class ActionAlias(Resource):
    _alias = "Action-Alias"
    _display_name = "Action Alias"
    _plural = "ActionAliases"
    _plural_display_name = "Action Aliases"
    _url_path = "actionalias"
    _repr_attributes = ("name", "pack", "action_ref")


class ActionAliasMatch(Resource):
    _alias = "Action-Alias-Match"
    _display_name = "ActionAlias Match"
    _plural = "ActionAliasMatches"
    _plural_display_name = "Action Alias Matches"
    _url_path = "actionalias"
    _repr_attributes = ("command",)
