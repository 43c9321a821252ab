"""A datastore for one test."""

__all__ = ["MockDatastoreService", "MockKeyValuePair"]


class MockKeyValuePair:
    """One entry, with its full name."""

    def __init__(self, name, value, ttl=None):
        self.id = self.name = name
        self.value = value
        self.ttl = ttl


class MockDatastoreService:
    """Keeps values as they are given. Nothing expires and nothing is encrypted."""

    def __init__(self, logger, pack_name, class_name, api_username=None):
        self._logger = logger
        self._username = api_username or "admin"
        self._prefix = f"{pack_name}.{class_name}"
        self._datastore_items = {}

    def get_user_info(self):
        return {
            "username": self._username,
            "rbac": {"is_admin": True, "enabled": True, "roles": ["admin"]},
            "authentication": {"method": "authentication token", "location": "header"},
        }

    def list_values(self, local=True, limit=None, prefix=None):
        start = self._full_name(prefix or "", local)
        found = [pair for name, pair in self._datastore_items.items() if name.startswith(start)]
        return found if limit is None else found[:limit]

    def get_value(self, name, local=True, scope="system", decrypt=False):
        pair = self._datastore_items.get(self._full_name(name, local))
        return None if pair is None else pair.value

    def set_value(self, name, value, ttl=None, local=True, scope="system", encrypt=False):
        full_name = self._full_name(name, local)
        self._datastore_items[full_name] = MockKeyValuePair(full_name, value, ttl)
        return True

    def delete_value(self, name, local=True, scope="system"):
        return self._datastore_items.pop(self._full_name(name, local), None) is not None

    def _full_name(self, name, local):
        return f"{self._prefix}:{name}" if local else name
