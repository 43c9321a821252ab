"""The filters that StackStorm adds to Jinja's own."""
import json
import os.path
import re

import yaml

from expressions_datastore import DatastoreKey, decrypt_kv
from expressions_jsonpath import find_all
from expressions_versions import VERSION_FILTERS

NONE_MARK = "%*****__%NONE%__*****%"
"""How `use_none` carries null through text; the cast to the parameter's type turns it back."""

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86400, 365 * 86400


def from_json_string(value):
    return json.loads(str(value))


def from_yaml_string(value):
    return yaml.safe_load(str(value))


def to_json_string(value, indent=None, sort_keys=False, separators=(",", ": ")):
    return json.dumps(plain(value), indent=indent, sort_keys=bool(sort_keys), separators=separators)


def to_yaml_string(value, indent=None, allow_unicode=True):
    return yaml.safe_dump(plain(value), indent=indent, allow_unicode=allow_unicode, default_flow_style=False)


def to_complex(value):
    return json.dumps(plain(value))


def json_escape(value):
    """Text as it stands between the quotes of JSON."""
    value = plain(value)
    text = json.dumps(value)
    return text[1:-1] if isinstance(value, str) else text


def plain(value):
    return str(value) if isinstance(value, DatastoreKey) else value


def use_none(value):
    return NONE_MARK if value is None else value


def jsonpath_query(value, query):
    return find_all(query, value) or None


def regex_match(value, pattern, ignorecase=False):
    return re.match(pattern, str(value), case(ignorecase)) is not None


def regex_search(value, pattern, ignorecase=False):
    return re.search(pattern, str(value), case(ignorecase)) is not None


def regex_replace(value, pattern, replacement, ignorecase=False):
    return re.sub(pattern, replacement, str(value), flags=case(ignorecase))


def regex_substring(value, pattern, result_index=0, ignorecase=False):
    return re.findall(pattern, str(value), case(ignorecase))[result_index]


def case(ignorecase):
    return re.IGNORECASE if ignorecase else 0


def to_human_time_from_seconds(seconds):
    """`3m5s`, `1d0h2m40s`: from the largest part that is there down to seconds."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ValueError("`to_human_time_from_seconds` takes a number of seconds, got %r" % (seconds,))
    if seconds == 0:
        return "0s"
    if seconds < 1:
        return "%s\u03bcs" % seconds
    rest = int(round(seconds))
    text = ""
    for unit, size in (("y", YEAR), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1)):
        count, rest = divmod(rest, size)
        if text or count or unit == "s":
            text += "%d%s" % (count, unit)
    return text


def basename(path):
    return os.path.basename(path)


def dirname(path):
    return os.path.dirname(path)


FILTERS = {
    "basename": basename,
    "decrypt_kv": decrypt_kv,
    "dirname": dirname,
    "from_json_string": from_json_string,
    "from_yaml_string": from_yaml_string,
    "json_escape": json_escape,
    "jsonpath_query": jsonpath_query,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
    "regex_substring": regex_substring,
    "to_complex": to_complex,
    "to_human_time_from_seconds": to_human_time_from_seconds,
    "to_json_string": to_json_string,
    "to_yaml_string": to_yaml_string,
    "use_none": use_none,
    **VERSION_FILTERS,
}
