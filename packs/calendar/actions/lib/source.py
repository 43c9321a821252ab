"""Where the text of a calendar comes from: a file, or an address."""

import os
import urllib.error
import urllib.request

from events import CalendarError

TIMEOUT_S = 20
MOST_BYTES = 20 * 1024 * 1024


class NotModified(Exception):
    """The server says that it is still the same."""


def is_address(source):
    return source.startswith(("http://", "https://", "webcal://"))


def read(source, validators=None):
    """The text, and what to send next time to be told only whether it has changed. CalendarError or NotModified."""
    return _fetch(source, validators or {}) if is_address(source) else (_read_file(source), {})


def path_of(source):
    return os.path.abspath(os.path.expanduser(source))


def _read_file(source):
    try:
        with open(path_of(source), encoding="utf-8") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise CalendarError(error.strerror) from None


def _fetch(source, validators):
    address = "https://" + source[len("webcal://") :] if source.startswith("webcal://") else source
    request = urllib.request.Request(address, headers={"User-Agent": "Stormlet", **validators})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            text = response.read(MOST_BYTES).decode("utf-8", "replace")
            kept = {"If-None-Match": response.headers["ETag"], "If-Modified-Since": response.headers["Last-Modified"]}
            return text, {name: value for name, value in kept.items() if value}
    except urllib.error.HTTPError as error:
        if error.code == 304:
            raise NotModified from None
        raise CalendarError(f"the server answers with the status {error.code}") from None
    except (OSError, ValueError) as error:
        raise CalendarError(str(getattr(error, "reason", error))) from None
