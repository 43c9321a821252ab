"""MQTT 3.1.1 packets, as far as a sensor needs them (OASIS standard, chapters 2 and 3). Bytes in, bytes out."""

from __future__ import annotations

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
NOT_SUBSCRIBED = 0x80
PING = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"

# Section 3.2.2.3.
REFUSALS = {
    1: "it speaks no MQTT 3.1.1",
    2: "the client identifier is refused",
    3: "it is not available",
    4: "bad user name or password",
    5: "not authorized",
}

_CLEAN_SESSION, _WITH_PASSWORD, _WITH_USERNAME = 0x02, 0x40, 0x80
_PUBLISH_QOS_1, _AGAIN = 0x32, 0x08


def connect(client_id: str, username: str | None, password: str | None, keep_alive: int) -> bytes:
    flags = _CLEAN_SESSION
    fields = _text(client_id)
    if username is not None:
        flags |= _WITH_USERNAME
        fields += _text(username)
        if password is not None:
            flags |= _WITH_PASSWORD
            fields += _text(password)
    return _packet(0x10, _text("MQTT") + bytes((4, flags)) + keep_alive.to_bytes(2, "big") + fields)


def publish(topic: str, body: bytes, number: int, again: bool) -> bytes:
    return _packet(_PUBLISH_QOS_1 | (_AGAIN if again else 0), _text(topic) + number.to_bytes(2, "big") + body)


def publish_at_most_once(topic: str, body: bytes) -> bytes:
    return _packet(0x30, _text(topic) + body)


def subscribe(topic: str, number: int) -> bytes:
    """At QoS 0: what is listened to is retained, and comes again at the next connection."""
    return _packet(0x82, number.to_bytes(2, "big") + _text(topic) + b"\x00")


def message(body: bytes) -> bytes:
    """The payload of a PUBLISH at QoS 0."""
    return body[2 + int.from_bytes(body[:2], "big") :]


def take_packet(inbox: bytearray) -> tuple[int, bytes] | None:
    """Takes the first whole packet off `inbox`: its type and its body. None while it is not complete."""
    length = shift = 0
    for position in range(1, min(len(inbox), 5)):
        length |= (inbox[position] & 0x7F) << shift
        shift += 7
        if not inbox[position] & 0x80:
            start, end = position + 1, position + 1 + length
            if len(inbox) < end:
                return None
            kind, body = inbox[0] >> 4, bytes(inbox[start:end])
            del inbox[:end]
            return kind, body
    return None


def _packet(head: int, body: bytes) -> bytes:
    length, size = len(body), bytearray()
    while True:
        length, digit = length >> 7, length & 0x7F
        size.append(digit | 0x80 if length else digit)
        if not length:
            return bytes((head,)) + bytes(size) + body


def _text(value: str) -> bytes:
    data = value.encode("utf-8")
    return len(data).to_bytes(2, "big") + data
