"""Questions that executions wait with."""

from st2client.models.core import Resource

__all__ = ["Inquiry"]


class Inquiry(Resource):
    _display_name = "Inquiry"
    _plural = "Inquiries"
    _plural_display_name = "Inquiries"
    _url_path = "inquiries"
    _repr_attributes = ("id", "schema", "roles", "users", "route", "ttl")
