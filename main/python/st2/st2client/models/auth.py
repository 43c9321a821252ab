"""What lets a program in."""

from st2client.models.core import Resource

__all__ = ["ApiKey", "Token"]


class Token(Resource):
    _display_name = "Access Token"
    _plural = "Tokens"
    _plural_display_name = "Access Tokens"
    _repr_attributes = ("user", "expiry", "metadata")


class ApiKey(Resource):
    _display_name = "API Key"
    _plural = "ApiKeys"
    _plural_display_name = "API Keys"
    _repr_attributes = ("id", "user", "metadata")
