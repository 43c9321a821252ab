"""JSON without the `json` module, whose import (`re`, `enum`, `collections`) is a third of a small action's whole run.

The C functions that `json` itself runs on are called directly. Whatever they do not take goes to `json`, which gives
the value or the error that it always gives.
"""

from __future__ import annotations

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from collections.abc import Callable

try:
    from _json import encode_basestring_ascii, make_encoder, make_scanner
except ImportError:
    make_encoder = make_scanner = encode_basestring_ascii = None


def loads(text: str | bytes) -> object:
    """As `json.loads`. ValueError."""
    try:
        plain = (text if isinstance(text, str) else text.decode("utf-8")).strip(" \t\r\n")
        value, end = make_scanner(_Reading)(plain, 0)
        if end == len(plain):
            return value
    except Exception:
        # Not a text for the short way, or a Python that has no such way: `json` decides.
        pass
    import json

    return json.loads(text)


def dumps(value: object, default: Callable[[object], object] | None = None, allow_nan: bool = True) -> str:
    """As `json.dumps`, ASCII only. TypeError, ValueError, RecursionError."""
    try:
        encode = make_encoder({}, default, encode_basestring_ascii, None, ": ", ", ", False, False, allow_nan)
        return "".join(encode(value, 0))
    except Exception:
        import json

        return json.dumps(value, default=default, allow_nan=allow_nan)


def _no_constant(name: str) -> object:
    raise ValueError(name)


class _Reading:
    """What the scanner asks its decoder for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_no_constant)
