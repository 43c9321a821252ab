"""Formats of ChatOps aliases: a regular expression with `{{ name }}` and `{{ name=default }}` where values go."""

import re

__all__ = ["ParseException", "extract_parameters"]

_PARAMETER = re.compile(r"(\s*)\{\{\s*([^\s=}]+)\s*(?:=\s*(.*?)\s*)?\}\}", re.DOTALL)
# `name=value` words after what the format describes, for parameters that it does not name.
_LAST_PAIR = re.compile(r"(?:^|\s)([^\s=]+)=(\"[^\"]*\"|'[^']*'|\{[^{}]*\}|\S+)\s*$")


class ParseException(ValueError):
    """A command that does not fit a format."""


def extract_parameters(format_str, param_stream):
    """The values by name; None for one that was left out and has no default."""
    command, pairs = _take_pairs(param_stream)
    pattern, defaults = _compile(format_str)
    match = re.match(pattern, command, re.DOTALL)
    if match is None:
        raise ParseException(f'Command "{param_stream}" does not match format string "{format_str}"')
    found = {name: match.groupdict().get(name) or default for name, default in defaults.items()}
    return {**pairs, **found}


def _compile(format_str):
    pattern, defaults, end = "", {}, 0
    for part in _PARAMETER.finditer(format_str):
        space, name, default = part.groups()
        value = f"[\"']?(?P<{name}>.+?)[\"']?"
        pattern += format_str[end : part.start()]
        # A value with a default may be left out together with the space in front of it.
        pattern += f"(?:\\s+{value})?" if default is not None and space else space + value
        defaults[name] = None if default is None else default.strip("\"'")
        end = part.end()
    return pattern + format_str[end:] + r"\s*$", defaults


def _take_pairs(command):
    pairs = {}
    while True:
        found = _LAST_PAIR.search(command)
        if found is None:
            return command, pairs
        name, value = found.groups()
        pairs.setdefault(name, value[1:-1] if value[0] in "\"'" and len(value) > 1 else value)
        command = command[: found.start()]
