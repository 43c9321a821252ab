"""Keys of the datastore."""

from st2client.models.core import Resource

__all__ = ["KeyValuePair"]


class KeyValuePair(Resource):
    _alias = "Key"
    _display_name = "Key Value Pair"
    _plural = "Keys"
    _plural_display_name = "Key Value Pairs"
    _repr_attributes = ("name", "value")

    @property
    def id(self):
        """A key is known by its name."""
        return self.name

    @id.setter
    def id(self, value):
        pass
