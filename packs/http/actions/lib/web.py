"""One HTTP request with Python's standard library. The sensor and the actions of this pack share it."""

import re
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple

MOST_BYTES = 10 * 1024 * 1024


class WebError(Exception):
    """Why there is no answer; for people to read."""


class Answer(NamedTuple):
    status: int
    # Names in lower case.
    headers: dict
    body: bytes


def ask(url, headers=None, timeout=10, most_bytes=MOST_BYTES):
    """The answer, whatever its status. WebError when there is none, or when it is larger than wanted."""
    with open_url(url, headers, timeout) as response:
        try:
            body = response.read(most_bytes + 1)
        except OSError as error:
            raise WebError(f"{url}: {error}") from None
        if len(body) > most_bytes:
            raise WebError(f"{url}: the answer has more than {most_bytes} bytes")
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, names, body)


def open_url(url, headers=None, timeout=10):
    """The open response, also of a status that urllib takes for an error."""
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        # urllib would open files as well.
        raise WebError(f"not an http:// or https:// address: {url}")
    request = urllib.request.Request(url, headers={"User-Agent": "Stormlet", **(headers or {})})
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        return error
    except urllib.error.URLError as error:
        raise WebError(f"{url}: {error.reason}") from None
    except (OSError, ValueError) as error:
        raise WebError(f"{url}: {error}") from None


def look_up(value, path):
    """The value at a path such as `items[0].name`, None where the path leads nowhere."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        elif name and isinstance(value, dict):
            value = value.get(name)
        else:
            return None
    return value
