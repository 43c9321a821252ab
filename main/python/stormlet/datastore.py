"""The datastore as packs know it: texts by name, kept between runs, shared by all processes."""

from __future__ import annotations

import os
import time

from .command_line import say
from .protocol import DATASTORE_VARIABLE

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from typing import Any

SYSTEM_SCOPE = "system"
_SCOPES = (SYSTEM_SCOPE, "st2kv.system")
_SECONDS_TO_WAIT_FOR_OTHERS = 10
_TABLE = "CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID"


class KeyValuePair:
    """One entry, with its full name."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value

    def __repr__(self) -> str:
        return f"<KeyValuePair name={self.name},value={self.value}>"


class Datastore:
    """StackStorm's `datastore_service`. With `local` (the default) a name belongs to the pack's class alone.

    Errors of the store are reported on stderr and give None, False or an empty list, since packs expect no exception;
    except for what cannot be done at all: another scope and encryption (ValueError).
    """

    def __init__(self, pack: str, class_name: str, file: str | None) -> None:
        self._prefix = f"{pack}.{class_name}:"
        self._file = file
        self._memory = None

    def get_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE, decrypt: bool = False) -> str | None:
        _check(scope, decrypt)
        rows = self._run(
            "SELECT value FROM keys WHERE name = ? AND (expires_at IS NULL OR expires_at > ?)",
            (self._full_name(name, local), time.time()),
        )
        return rows[0][0] if rows else None

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
        _check(scope, encrypt)
        expires_at = time.time() + float(ttl) if ttl else None
        entry = (self._full_name(name, local), str(value), expires_at)
        return self._run("INSERT OR REPLACE INTO keys (name, value, expires_at) VALUES (?, ?, ?)", entry) is not None

    def delete_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE) -> bool:
        """False also when there was nothing to delete."""
        _check(scope, False)
        full_name = self._full_name(name, local)
        if not self._run("SELECT 1 FROM keys WHERE name = ?", (full_name,)):
            return False
        return self._run("DELETE FROM keys WHERE name = ?", (full_name,)) is not None

    def list_values(
        self, local: bool = True, limit: int | None = None, prefix: str | None = None
    ) -> list[KeyValuePair]:
        start = self._full_name(prefix or "", local)
        rows = self._run(
            "SELECT name, value FROM keys WHERE substr(name, 1, ?) = ? AND (expires_at IS NULL OR expires_at > ?)"
            " ORDER BY name LIMIT ?",
            (len(start), start, time.time(), -1 if limit is None else limit),
        )
        return [KeyValuePair(name, value) for name, value in rows or []]

    def _full_name(self, name: str, local: bool) -> str:
        return self._prefix + name if local else name

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple] | None:
        """The rows, or None after an error."""
        import sqlite3  # Here, because few actions need it.

        try:
            connection = self._connect(sqlite3)
            try:
                with connection:
                    return connection.execute(statement, values).fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            say(f"the datastore `{self._file or 'in memory'}` failed: {error}")
            return None

    def _connect(self, sqlite3: Any) -> Any:
        """A connection for one call: cheap, and safe with threads and forks."""
        address = self._file or f"file:stormlet-{id(self)}?mode=memory&cache=shared"
        connection = sqlite3.connect(address, timeout=_SECONDS_TO_WAIT_FOR_OTHERS, uri=not self._file)
        if self._file:
            connection.execute("PRAGMA journal_mode = WAL")
        elif self._memory is None:
            # A database in memory lives as long as one connection to it.
            self._memory = sqlite3.connect(address, uri=True, check_same_thread=False)
        connection.execute(_TABLE)
        return connection


def take_datastore_file() -> str | None:
    """The file that the app names, hidden from user code and from what that starts."""
    return os.environ.pop(DATASTORE_VARIABLE, None)


def _check(scope: str, encrypted: bool) -> None:
    if scope not in _SCOPES:
        raise ValueError(f"Scope {scope} is unsupported.")
    if encrypted:
        raise ValueError(
            "packs cannot encrypt or decrypt values themselves: put the secret into the configuration of the pack, "
            "marked `secret: true` in its config.schema.yaml"
        )
