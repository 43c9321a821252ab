"""Texts, as they were when there was Python 2."""

__all__ = ["to_ascii", "to_unicode"]


def to_unicode(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if not isinstance(value, str):
        raise ValueError(f'Value "{value}" must be a string.')
    return value


def to_ascii(value):
    """Without what ASCII has not."""
    if not isinstance(value, (str, bytes)):
        return value
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else value
    return text.encode("ascii", "ignore").decode("ascii")
