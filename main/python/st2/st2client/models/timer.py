"""Timers."""

from st2client.models.core import Resource

__all__ = ["Timer"]


class Timer(Resource):
    _alias = "Timer"
    _display_name = "Timer"
    _plural = "Timers"
    _plural_display_name = "Timers"
    _repr_attributes = ("id", "type", "parameters")
