"""The datastore as packs know it: texts by name, kept between runs, shared by all processes."""

from __future__ import annotations

import os
from _thread import allocate_lock

from .command_line import say
from .protocol import DATASTORE_VARIABLE

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Taken now, before user code: what is imported at the first call may come after an `eventlet.monkey_patch()`, whose locks are
# for green threads of one thread. A sensor's `add_trigger` is called in another, and would stand still for ever.
_real_lock = allocate_lock

SYSTEM_SCOPE = "system"
_SCOPES = (SYSTEM_SCOPE, "st2kv.system")


class KeyValuePair:
    """One entry, with its full name."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"<KeyValuePair name={self.name},value={self.value}>"


class Datastore:
    """StackStorm's `datastore_service`. With `local` (the default) a name belongs to the pack's class alone.

    Started by the app, it asks the app over the bus, which also encrypts and decrypts; by hand the values are in `file`, or
    in memory. Errors are reported on stderr and give None, False or an empty list, since packs expect no exception;
    except for what cannot be done at all: another scope, and encryption without the app (ValueError).
    """

    def __init__(self, pack: str, class_name: str, file: str | None, bus: dict[str, Any] | None = None) -> None:
        self._pack = pack
        self._prefix = f"{pack}.{class_name}:"
        self._file = file
        self._bus = bus
        self._store: Any = None

    def get_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE, decrypt: bool = False) -> str | None:
        _check(scope)
        return self._guarded(None, lambda store: store.get(self._full_name(name, local), bool(decrypt)))

    def set_value(
        self,
        name: str,
        value: object,
        ttl: float | None = None,
        local: bool = True,
        scope: str = SYSTEM_SCOPE,
        encrypt: bool = False,
    ) -> bool:
        """Stores `str(value)`, for `ttl` seconds or for good."""
        _check(scope)
        seconds = float(ttl) if ttl else None

        def work(store: Any) -> bool:
            store.set(self._full_name(name, local), str(value), seconds, bool(encrypt))
            return True

        return self._guarded(False, work)

    def delete_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE) -> bool:
        """False also when there was nothing to delete."""
        _check(scope)
        return self._guarded(False, lambda store: store.delete(self._full_name(name, local)))

    def list_values(
        self, local: bool = True, limit: int | None = None, prefix: str | None = None
    ) -> list[KeyValuePair]:
        start = self._full_name(prefix or "", local)
        rows: Any = self._guarded([], lambda store: store.list(start, limit))
        return [KeyValuePair(name, value) for name, value in rows]

    def _full_name(self, name: str, local: bool) -> str:
        return self._prefix + name if local else name

    def _guarded(self, otherwise: Any, work: Callable[[Any], Any]) -> Any:
        from .datastore_stores import BusStore, FileStore, StoreError  # Here, because few need it.

        if self._store is None:
            self._store = BusStore(self._bus, self._pack, _real_lock) if self._bus else FileStore(self._file)
        try:
            return work(self._store)
        except StoreError as error:
            say(f"the datastore failed: {error}")
            return otherwise


def take_datastore_file() -> str | None:
    """The file that the app names, hidden from user code and from what that starts."""
    return os.environ.pop(DATASTORE_VARIABLE, None)


def _check(scope: str) -> None:
    if scope not in _SCOPES:
        raise ValueError(f"Scope {scope} is unsupported.")
