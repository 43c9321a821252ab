"""Configurations of packs."""

from st2client.models.core import Resource

__all__ = ["Config", "ConfigSchema"]


class Config(Resource):
    _display_name = "Config"
    _plural = "Configs"
    _plural_display_name = "Configs"
    _repr_attributes = ("pack", "values")


class ConfigSchema(Resource):
    _display_name = "Config Schema"
    _plural = "ConfigSchema"
    _plural_display_name = "Config Schemas"
    _url_path = "config_schemas"
    _repr_attributes = ("id", "pack", "attributes")
