"""Webhooks."""

from st2client.models.core import Resource

__all__ = ["Webhook"]


class Webhook(Resource):
    _alias = "Webhook"
    _display_name = "Webhook"
    _plural = "Webhooks"
    _plural_display_name = "Webhooks"
    _repr_attributes = ("parameters", "type", "pack", "name")
