"""Where the datastore's values are: with the app, asked over the bus, or in an SQLite file, or in memory.

Both stores take full names. StoreError says what could not be done; nothing else is raised for what a disk, a network
or the app does. What a store cannot do at all is a ValueError.
"""

from __future__ import annotations

import os
import time

from . import mqtt_packets, quick_json
from .mqtt_client import dial, read_packet
from .protocol import datastore_topic

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_monotonic = time.monotonic

_SECONDS_TO_WAIT_FOR_OTHERS = 10
_TABLE = "CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID"
_CONNECT_S, _ANSWER_S = 5, 20
_NO_KEEP_ALIVE = 0


class StoreError(Exception):
    """What happened, for a person."""


class BusStore:
    """Asks the app over the bus, on a connection that is made at the first call and kept.

    A call is a message to `<client>/request`, its answer one on `<client>/response` with the same number. The C
    primitives below `socket` are used, for the reasons that `mqtt_client` gives. Thread-safe and fork-safe.
    """

    def __init__(self, bus: dict[str, Any], pack: str, new_lock: Callable[[], Any]) -> None:
        """`new_lock`: of the standard library's own, whatever user code has made of that by now."""
        self._bus = bus
        self._pack = pack
        self._new_lock = new_lock
        self._forget()

    def _forget(self) -> None:
        self._owner = os.getpid()
        self._lock = self._new_lock()
        self._socket: Any = None
        self._inbox = bytearray()
        self._number = 0
        self._client = ""

    def get(self, name: str, decrypt: bool) -> str | None:
        return self._ask({"do": "get", "name": name, "decrypt": decrypt})

    def set(self, name: str, value: str, ttl: float | None, encrypt: bool) -> None:
        self._ask({"do": "set", "name": name, "value": value, "ttl": ttl, "encrypt": encrypt})

    def delete(self, name: str) -> bool:
        return self._ask({"do": "delete", "name": name})

    def list(self, prefix: str, limit: int | None) -> list[list[str]]:
        return self._ask({"do": "list", "prefix": prefix, "limit": limit})

    def _ask(self, call: dict[str, object]) -> Any:
        if self._owner != os.getpid():
            # A child of the process that connected: what comes over that connection is its parent's.
            if self._socket is not None:
                self._socket.close()
            self._forget()
        with self._lock:
            return self._ask_alone(call)

    def _ask_alone(self, call: dict[str, object]) -> Any:
        """A connection that was kept may have ended meanwhile, so a second try is worth it; each call may come twice."""
        was_kept = self._socket is not None
        try:
            return self._converse(call)
        except OSError as error:
            if not was_kept:
                raise StoreError(f"the app does not answer: {error}") from error
        try:
            return self._converse(call)
        except OSError as error:
            raise StoreError(f"the app does not answer: {error}") from error

    def _converse(self, call: dict[str, object]) -> Any:
        try:
            if self._socket is None:
                self._connect()
            self._number += 1
            body = quick_json.dumps({"id": self._number, **call}).encode("ascii")
            self._socket.settimeout(_ANSWER_S)
            self._socket.sendall(mqtt_packets.publish_at_most_once(self._topic("request"), body))
            answer = self._answer()
        except BaseException:
            # Whatever interrupts it, an exception of a signal too: an answer that comes later must not be taken for another.
            self._disconnect()
            raise
        if "error" in answer:
            raise StoreError(str(answer["error"]))
        return answer.get("value")

    def _answer(self) -> dict[str, Any]:
        deadline = _monotonic() + _ANSWER_S
        while True:
            answer = quick_json.loads(mqtt_packets.message(self._await(mqtt_packets.PUBLISH, deadline)).decode("utf-8"))
            if answer.get("id") == self._number:
                return answer

    def _connect(self) -> None:
        bus = self._bus
        self._inbox.clear()
        # Not the same in a child, which would take the connection from its parent.
        self._client = f"{bus.get('client_id') or 'stormlet'}:datastore:{os.getpid()}"
        self._socket = dial(str(bus.get("host") or "127.0.0.1"), int(bus.get("port") or 1883), _CONNECT_S)
        greeting = mqtt_packets.connect(self._client, bus.get("username"), bus.get("password"), _NO_KEEP_ALIVE)
        self._socket.sendall(greeting + mqtt_packets.subscribe(self._topic("response"), 1))
        deadline = _monotonic() + _CONNECT_S
        refused = self._await(mqtt_packets.CONNACK, deadline)[1]
        if refused:
            raise ConnectionRefusedError(mqtt_packets.REFUSALS.get(refused, f"refused with code {refused}"))
        if self._await(mqtt_packets.SUBACK, deadline)[-1] == mqtt_packets.NOT_SUBSCRIBED:
            raise ConnectionRefusedError("it is not permitted to listen for answers")

    def _await(self, wanted: int, deadline: float) -> bytes:
        return read_packet(self._socket, self._inbox, wanted, deadline)

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _topic(self, end: str) -> str:
        return datastore_topic(self._pack, self._client, end)


class FileStore:
    """An SQLite file that other processes use too, or memory, which lives as long as this."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._memory = None

    def get(self, name: str, decrypt: bool) -> str | None:
        _refuse_secrets(decrypt)
        rows = self._run(
            "SELECT value FROM keys WHERE name = ? AND (expires_at IS NULL OR expires_at > ?)", (name, time.time())
        )
        return rows[0][0] if rows else None

    def set(self, name: str, value: str, ttl: float | None, encrypt: bool) -> None:
        _refuse_secrets(encrypt)
        expires_at = time.time() + ttl if ttl else None
        self._run("INSERT OR REPLACE INTO keys (name, value, expires_at) VALUES (?, ?, ?)", (name, value, expires_at))

    def delete(self, name: str) -> bool:
        if not self._run("SELECT 1 FROM keys WHERE name = ?", (name,)):
            return False
        self._run("DELETE FROM keys WHERE name = ?", (name,))
        return True

    def list(self, prefix: str, limit: int | None) -> list[tuple[str, str]]:
        return self._run(
            "SELECT name, value FROM keys WHERE substr(name, 1, ?) = ? AND (expires_at IS NULL OR expires_at > ?)"
            " ORDER BY name LIMIT ?",
            (len(prefix), prefix, time.time(), -1 if limit is None else limit),
        )

    def _run(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        import sqlite3  # Here, because few need it.

        try:
            connection = self._connect(sqlite3)
            try:
                with connection:
                    return connection.execute(statement, values).fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StoreError(f"`{self._file or 'in memory'}`: {error}") from error

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


def _refuse_secrets(encrypted: bool) -> None:
    if encrypted:
        raise ValueError(
            "only the app encrypts and decrypts values: run this from it, or put the secret into the configuration of "
            "the pack, marked `secret: true` in its config.schema.yaml"
        )
