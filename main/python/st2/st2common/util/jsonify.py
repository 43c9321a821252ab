"""JSON, with what packs put into it."""

import json

__all__ = ["json_decode", "json_encode", "json_loads", "try_loads"]


def json_encode(obj, indent=4):
    """Objects with `to_dict` or `__json__` are what these give; bytes are text."""
    return json.dumps(obj, indent=indent, default=_encode)


def json_decode(data):
    return json.loads(data)


def try_loads(s):
    """The value where it is JSON, else the text as it is."""
    try:
        return json.loads(s) if isinstance(s, str) else s
    except ValueError:
        return s


def json_loads(obj, keys=None):
    """Reads the texts under these keys as JSON, in place."""
    for key in keys or obj:
        if key in obj:
            obj[key] = try_loads(obj[key])
    return obj


def _encode(value):
    for name in ("__json__", "to_dict"):
        method = getattr(value, name, None)
        if callable(method):
            return method()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
