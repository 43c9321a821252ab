"""A sensor's own connection to the bus: an MQTT 3.1.1 publisher over TCP that survives the broker and the user's code.

Nine sensors of the Exchange call `eventlet.monkey_patch()`, which replaces what `socket`, `threading`, `select` and
`time` offer, after this was imported. So nothing of those modules is used here: only the C primitives below them, taken
now. Calls block the calling thread alone, and a green thread never switches within.

`publish` returns once the broker has the message, a short while. With the broker gone it only keeps the message; one
thread of ours (`_stay_connected`) finds the broker again, sends what waits, in order, also when the sensor never
dispatches again, and keeps the connection alive while nobody speaks.
"""

from __future__ import annotations

import _socket
import os
import time
from _thread import allocate_lock, start_new_thread
from itertools import islice

from . import mqtt_packets

TYPE_CHECKING = False  # As `typing` has it; importing that costs more than all else here.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_open_socket, _addresses = _socket.socket, _socket.getaddrinfo
_monotonic, _sleep = time.monotonic, time.sleep

KEPT_MESSAGES = 10_000
_BATCH = 64
_KEEP_ALIVE_S = 30
_CONNECT_S = 5
_ANSWER_S = 20
_SOON_S = 0.1
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.1, 10
# A broker that may not or cannot take a message has only one answer: to close the connection (MQTT-3.3.5-2). On another
# pack's topic that is a refusal. On our own it is trouble on the other side, a full disk for example, which may pass:
# worth some four minutes of trying before one message that nobody will ever take makes way for the others.
_ATTEMPTS_ELSEWHERE, _ATTEMPTS_AT_HOME = 3, 30


class ConnectionClosed(ConnectionError):
    """The broker ended the connection."""


class _Message:
    __slots__ = ("topic", "body", "sent", "attempts_left")

    def __init__(self, topic: str, body: bytes, attempts: int) -> None:
        self.topic = topic
        self.body = body
        self.sent = False
        self.attempts_left = attempts


class MqttPublisher:
    """Thread-safe and fork-safe. `bus` has host, port and, where needed, username, password, client_id; `home` is what
    the topics of the sensor's own pack begin with.

    Nothing here raises for what the network or the broker does; `say` gets one line when that changes.
    """

    def __init__(self, bus: dict[str, Any], home: str, say: Callable[[str], None]) -> None:
        self._home = home
        self._host = str(bus.get("host") or "127.0.0.1")
        self._port = int(bus.get("port") or 1883)
        self._username = bus.get("username")
        self._password = bus.get("password")
        self._client_id = str(bus.get("client_id") or f"stormlet-{os.getpid()}-{os.urandom(4).hex()}")
        self._say = say
        self._work: Callable[[], None] = lambda: None
        self._asked = False
        self._forget()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def _forget(self) -> None:
        """The state before any connection. `_wire` is held by whoever uses the socket, `_state` for a moment."""
        self._state, self._wire, self._wake = allocate_lock(), allocate_lock(), allocate_lock()
        self._wake.acquire()
        self._waiting: dict[int, _Message] = {}
        self._last_number = 0
        self._dropped = self.lost = 0
        self._batch = _BATCH
        self._alone: int | None = None
        self._socket: Any = None
        self._inbox = bytearray()
        self._used_at = 0.0
        self._answer_s: float = _ANSWER_S
        self._started = self.online = self._told = self._closing = False

    def _after_fork(self) -> None:
        """A child of the sensor gets a connection of its own; what waits is the parent's to send."""
        if self._socket is not None:
            self._socket.close()
        self._forget()
        self._client_id += f"-{os.getpid()}"

    def start(self) -> None:
        """Connects, if the broker is there at once, and goes on in the background."""
        with self._state:
            if self._started:
                return
            self._started = True
        self._recover()
        start_new_thread(self._stay_connected, ())

    def publish(self, topic: str, body: bytes) -> None:
        self.start()
        attempts = _ATTEMPTS_AT_HOME if topic.startswith(self._home) else _ATTEMPTS_ELSEWHERE
        number = self._admit(_Message(topic, body, attempts))
        if number is None or not self.online:
            return
        with self._wire:
            # Another thread may have sent it along, or have lost the connection meanwhile.
            if self.online and number in self._waiting:
                self._guarded(self._deliver)

    def close(self, seconds: float) -> int:
        """Sends what waits, within `seconds`, and disconnects. The number of messages that were not delivered."""
        self._closing = True
        self._wake_up()
        deadline = _monotonic() + seconds
        if self._wire.acquire(True, seconds):
            self._answer_s = max(0.1, deadline - _monotonic())
            self._guarded(self._say_goodbye)
            self._wire.release()
        return len(self._waiting)

    def _say_goodbye(self) -> None:
        if self._waiting:
            if self._socket is None:
                self._connect()
            self._deliver()
        if self._socket is not None:
            self._socket.sendall(mqtt_packets.DISCONNECT)
            self._socket.close()
            self._socket = None
        self.online = False

    def _admit(self, message: _Message) -> int | None:
        """Queues it under a free packet identifier; None, and one line, when as many wait as are kept."""
        with self._state:
            if len(self._waiting) < KEPT_MESSAGES:
                number = self._last_number
                while True:
                    number = number % 0xFFFF + 1
                    if number not in self._waiting:
                        break
                self._last_number = number
                self._waiting[number] = message
                return number
            self._dropped += 1
            self.lost += 1
            first = self._dropped == 1
        if first:
            self._say(f"{KEPT_MESSAGES} events wait for the bus: newer ones are dropped until it is back")
        return None

    def call_soon(self, work: Callable[[], None]) -> Callable[[], None]:
        """A function that has `work` done before long by the thread of ours, however often it is called until then.

        Whenever the broker is back it is done once more.
        """
        self._work = work

        def ask() -> None:
            if not self._asked:
                self._asked = True
                self._wake_up()

        return ask

    def _do_asked(self) -> None:
        if self._asked:
            _sleep(_SOON_S)
            self._asked = False
            self._work()

    def _stay_connected(self) -> None:
        delay = _FIRST_DELAY_S
        while not self._closing:
            self._do_asked()
            if self.online:
                delay = _FIRST_DELAY_S
                self._wake.acquire(True, _KEEP_ALIVE_S / 2)
                self._ping_if_silent()
            elif not self._recover():
                self._wake.acquire(True, delay)
                delay = min(delay * 2, _LONGEST_DELAY_S)

    def _wake_up(self) -> None:
        try:
            self._wake.release()
        except RuntimeError:
            return  # Awake already.

    def _ping_if_silent(self) -> None:
        if _monotonic() - self._used_at < _KEEP_ALIVE_S / 2:
            return
        with self._wire:
            if self.online:
                self._guarded(self._ping)

    def _ping(self) -> None:
        self._socket.sendall(mqtt_packets.PING)
        self._await(mqtt_packets.PINGRESP, _monotonic() + self._answer_s)

    def _recover(self) -> bool:
        """Connects and sends all that waits; only then are publishers let on the wire again."""
        with self._wire:
            return not self._closing and self._guarded(self._come_online)

    def _come_online(self) -> None:
        self._connect()
        kept = len(self._waiting)
        while not self.online:
            self._deliver()
            with self._state:
                self.online = not self._waiting
        with self._state:
            dropped, self._dropped = self._dropped, 0
        self._asked = True
        if self._told:
            lost = f", {dropped} were dropped" if dropped else ""
            self._say(f"the bus is back: {kept} kept events were sent{lost}")
        self._told = False

    def _connect(self) -> None:
        self._inbox.clear()
        self._socket = dial(self._host, self._port, min(_CONNECT_S, self._answer_s))
        self._socket.sendall(mqtt_packets.connect(self._client_id, self._username, self._password, _KEEP_ALIVE_S))
        answer = self._await(mqtt_packets.CONNACK, _monotonic() + min(_CONNECT_S, self._answer_s))
        if answer[1]:
            raise ConnectionRefusedError(mqtt_packets.REFUSALS.get(answer[1], f"refused with code {answer[1]}"))

    def _deliver(self) -> None:
        """Sends all that waits, a batch at a time, and sees each message acknowledged."""
        while True:
            with self._state:
                batch = dict(islice(self._waiting.items(), self._batch))
            if not batch:
                return
            self._alone = next(iter(batch)) if len(batch) == 1 else None
            self._send(batch)
            deadline = _monotonic() + self._answer_s
            while batch:
                number = int.from_bytes(self._await(mqtt_packets.PUBACK, deadline)[:2], "big")
                batch.pop(number, None)
                with self._state:
                    self._waiting.pop(number, None)
            self._batch = min(self._batch * 2, _BATCH)

    def _send(self, batch: dict[int, _Message]) -> None:
        packets = []
        for number, message in batch.items():
            packets.append(mqtt_packets.publish(message.topic, message.body, number, message.sent))
            message.sent = True
        self._socket.settimeout(self._answer_s)
        self._socket.sendall(b"".join(packets))

    def _await(self, wanted: int, deadline: float) -> bytes:
        body = read_packet(self._socket, self._inbox, wanted, deadline)
        self._used_at = _monotonic()
        return body

    def _guarded(self, talk: Callable[[], None]) -> bool:
        """Runs a conversation; whatever interrupts it, an exception of a signal too, ends the connection."""
        self._alone = None
        try:
            talk()
            return True
        except OSError as error:
            self._lose(error)
            return False
        except BaseException as error:
            self._lose(error)
            raise

    def _lose(self, error: BaseException) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        wasonline, self.online = self.online, False
        self._batch = 1
        self._give_up_on_refused(error)
        if not self._told and not self._closing:
            self._told = True
            state = "is gone" if wasonline else "cannot be reached"
            self._say(f"the bus at {self._host}:{self._port} {state} ({error}): events are kept until it is back")
        if wasonline:
            self._wake_up()

    def _give_up_on_refused(self, error: BaseException) -> None:
        message = self._waiting.get(self._alone or 0)
        if message is None or not isinstance(error, (ConnectionClosed, ConnectionResetError, BrokenPipeError)):
            return
        message.attempts_left -= 1
        if message.attempts_left <= 0:
            with self._state:
                self._waiting.pop(self._alone or 0, None)
                self.lost += 1
            self._say(f"the broker closes the connection on `{message.topic}`: that event is dropped")


def read_packet(connection: Any, inbox: bytearray, wanted: int, deadline: float) -> bytes:
    """The body of the next packet of that type; others are of no interest. `inbox` keeps what came with it."""
    while True:
        packet = mqtt_packets.take_packet(inbox)
        if packet is None:
            connection.settimeout(max(0.001, deadline - _monotonic()))
            data = connection.recv(65536)
            if not data:
                raise ConnectionClosed("it closed the connection")
            inbox += data
        elif packet[0] == wanted:
            return packet[1]


def dial(host: str, port: int, seconds: float) -> Any:
    """A connected socket, to the first of the host's addresses that answers. OSError."""
    error: OSError = ConnectionError(f"no address for `{host}`")
    for family, kind, protocol, _, address in _addresses(host, port, 0, _socket.SOCK_STREAM):
        connection = _open_socket(family, kind, protocol)
        try:
            connection.settimeout(seconds)
            connection.connect(address)
            connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            return connection
        except OSError as refused:
            connection.close()
            error = refused
    raise error
