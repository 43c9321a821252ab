"""Dates as ISO 8601 text."""

import datetime
import re

from st2common.util import date

__all__ = ["add_utc_tz", "format", "get_datetime_utc_now", "parse", "validate"]

_ISO_8601_UTC = re.compile(r"\d{4}-\d\d-\d\d[\sT]\d\d:\d\d:\d\d(\.\d{3,6})?(Z|\+00|\+0000|\+00:00)")

get_datetime_utc_now = date.get_datetime_utc_now


def add_utc_tz(dt):
    return dt.replace(tzinfo=datetime.timezone.utc)


def format(dt, usec=True, offset=True):
    """Takes a date or its text. `offset` writes `+00:00`, else `Z`."""
    if isinstance(dt, str):
        dt = parse(dt)
    text = dt.strftime("%Y-%m-%dT%H:%M:%S.%f" if usec else "%Y-%m-%dT%H:%M:%S")
    shift = dt.strftime("%z")
    if offset:
        return text + (f"{shift[:3]}:{shift[3:]}" if shift else "+00:00")
    return text + ("Z" if dt.tzname() in (None, "UTC") else dt.tzname())


def validate(value, raise_exception=True):
    """Whether it is a date, or the text of one in UTC. ValueError when not, unless told otherwise."""
    if isinstance(value, datetime.datetime) or (isinstance(value, str) and _ISO_8601_UTC.fullmatch(value)):
        return True
    if raise_exception:
        raise ValueError("Datetime value does not match expected format.")
    return False


def parse(value):
    validate(value)
    return date.parse(value, preserve_original_tz=True)
