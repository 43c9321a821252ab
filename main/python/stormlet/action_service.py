"""What an action sees as `self.action_service`."""

from __future__ import annotations

import os

from .datastore import Datastore


class ActionService:
    """StackStorm's interface: the datastore's four methods, and who the action runs for."""

    def __init__(self, datastore: Datastore, user: str, log_level: str) -> None:
        self.datastore_service = datastore
        self.get_value = datastore.get_value
        self.set_value = datastore.set_value
        self.list_values = datastore.list_values
        self.delete_value = datastore.delete_value
        self.log_level = log_level
        self._user = user

    def get_user_info(self) -> dict[str, object]:
        return user_info(self._user)


def user_info(user: str) -> dict[str, object]:
    """In the shape of StackStorm's API; there are no roles here."""
    return {
        "username": user,
        "authentication": {"method": "local", "location": "local"},
        "rbac": {"enabled": False, "roles": [], "is_admin": True},
    }


def os_user() -> str:
    """The person at this machine, without the imports of `getpass`."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or os.environ.get("LOGNAME") or "stormlet"
