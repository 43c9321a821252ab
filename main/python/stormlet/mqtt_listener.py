"""A sensor's other connection to the bus: it listens to one topic, and finds the broker again when it was gone.

On a thread of its own and on the C primitives below `socket`, for the reasons that `mqtt_client` gives.
"""

from __future__ import annotations

import _socket
import time
from _thread import start_new_thread

from . import mqtt_packets
from .mqtt_client import dial

TYPE_CHECKING = False  # As `typing` has it; importing that costs more than all else here.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_sleep, _Silence = time.sleep, _socket.timeout

_KEEP_ALIVE_S = 30
_CONNECT_S = 5
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.1, 10


class MqttListener:
    """Hands over the body of each message. A retained one comes at each connection anew."""

    def __init__(self, bus: dict[str, Any], topic: str, on_message: Callable[[bytes], None]) -> None:
        self._host = str(bus.get("host") or "127.0.0.1")
        self._port = int(bus.get("port") or 1883)
        client_id = f"{bus.get('client_id') or 'stormlet'}:listener"
        self._greeting = mqtt_packets.connect(client_id, bus.get("username"), bus.get("password"), _KEEP_ALIVE_S)
        self._subscription = mqtt_packets.subscribe(topic, 1)
        self._on_message = on_message

    def start(self) -> None:
        start_new_thread(self._listen, ())

    def _listen(self) -> None:
        delay = _FIRST_DELAY_S
        while True:
            connection = None
            try:
                connection = dial(self._host, self._port, _CONNECT_S)
                connection.sendall(self._greeting + self._subscription)
                for body in self._messages(connection):
                    delay = _FIRST_DELAY_S
                    self._on_message(body)
            except OSError:
                pass  # The publisher says that the bus is gone, and that it is back.
            if connection is not None:
                connection.close()
            _sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_S)

    def _messages(self, connection: Any) -> Any:
        """A ping when all is silent; OSError when not even that is answered."""
        inbox, pinged = bytearray(), False
        connection.settimeout(_KEEP_ALIVE_S / 2)
        while True:
            try:
                data = connection.recv(65536)
            except _Silence:
                if pinged:
                    raise
                connection.sendall(mqtt_packets.PING)
                pinged = True
                continue
            if not data:
                return
            pinged = False
            inbox += data
            while True:
                packet = mqtt_packets.take_packet(inbox)
                if packet is None:
                    break
                if packet[0] == mqtt_packets.CONNACK and packet[1][1]:
                    return
                if packet[0] == mqtt_packets.PUBLISH:
                    yield mqtt_packets.message(packet[1])
