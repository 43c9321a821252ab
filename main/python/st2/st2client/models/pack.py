"""Packs."""

from st2client.models.core import Resource

__all__ = ["Pack"]


class Pack(Resource):
    _display_name = "Pack"
    _plural = "Packs"
    _plural_display_name = "Packs"
    _url_path = "packs"
    _repr_attributes = ("name", "description", "version", "author")
