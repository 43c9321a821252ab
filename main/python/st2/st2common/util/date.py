"""Dates with a timezone."""

import datetime

__all__ = ["add_utc_tz", "convert_to_utc", "get_datetime_utc_now", "parse"]


def get_datetime_utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


def add_utc_tz(dt):
    """Marks a date as UTC. ValueError when it is marked as something else."""
    if dt.tzinfo and dt.utcoffset() != datetime.timedelta(0):
        raise ValueError("datetime already contains a non UTC timezone")
    return dt.replace(tzinfo=datetime.timezone.utc)


def convert_to_utc(dt):
    """A date without a timezone counts as UTC."""
    return dt.astimezone(datetime.timezone.utc) if dt.tzinfo else add_utc_tz(dt)


def parse(value, preserve_original_tz=False):
    """A date from text: ISO 8601, or whatever `dateutil` reads where it is installed. ValueError for any other."""
    dt = _read(str(value))
    if not dt.tzinfo:
        dt = add_utc_tz(dt)
    return dt if preserve_original_tz else convert_to_utc(dt)


def _read(text):
    try:
        from dateutil.parser import parse as read
    except ImportError:
        # Python before 3.11 reads no `Z`.
        return datetime.datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    return read(text)
