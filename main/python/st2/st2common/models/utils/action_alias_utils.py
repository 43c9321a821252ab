"""Formats of action aliases: from `deploy {{ app }} to {{ stage=test }}` and what a person wrote to values by name.

A format is a regular expression of Python's `re`, in which each `{{ … }}` stands for a group. What it matches, down to
the odd corners, is StackStorm's: packs were written and tried against that.
"""

import functools
import re

try:
    from re import _parser as sre_parser
except ImportError:  # Python 3.10 and older.
    import sre_parse as sre_parser

from st2common.exceptions.content import ParseException

__all__ = ["ActionAliasFormatParser", "extract_parameters", "extract_parameters_for_action_alias_db"]

_KEY = r"\s*(\S+?)\s*"
# Two quotes with nothing in between, text in quotes, a map in braces, or else what the last branch takes.
_QUOTED = r"\"\"|''|\"(.+?)\"|'(.+?)'|({.+?})"
_PAIR = r"(?:^|\s+)" + _KEY + "=(" + _QUOTED + r"|(\S+))"
_PAIRS_AT_END = re.compile(r".*?((?:" + _PAIR + r"\s*)*)$", re.DOTALL)
_EACH_PAIR = re.compile(_PAIR, re.DOTALL)
_REQUIRED = "{{" + _KEY + "}}"
_OPTIONAL = "{{" + _KEY + r"\s*=\s*(?:" + _QUOTED + r"|(.+?))\s*}}"
# The value of a parameter, with quotes around it that are not part of it. `\1` is the space before, `\2` the name.
_VALUE = r"\1[\"']?(?P<\2>(?:(?<=').+?(?=')|(?<=\").+?(?=\")|{.+?}|.+?))[\"']?"


class ActionAliasFormatParser:
    """One command against one format."""

    def __init__(self, alias_format=None, param_stream=None):
        self._format = alias_format or ""
        self._command = param_stream or ""
        self._pairs, self._stream = _split_pairs(self._command)
        self._regex, self._defaults = _compile(self._format)

    def get_extracted_param_value(self):
        """Values by name; None for a group that took no part. Raises ParseException."""
        return self._values(self._regex.search(self._stream))

    def get_multiple_extracted_param_value(self):
        """The same for every place where the format fits."""
        return [self._values(match) for match in self._regex.finditer(self._stream)]

    def _values(self, match):
        if match is None:
            raise ParseException(f'Command "{self._command}" doesn\'t match format string "{self._format}"')
        values = match.groupdict()
        for name, default in self._defaults:
            values[name] = values[name] or default
        values.update(self._pairs)
        if self._format and not (self._stream.strip() or any(values.values())):
            raise ParseException("No value supplied and no default value found.")
        return values


def extract_parameters(format_str, param_stream, match_multiple=False):
    parser = ActionAliasFormatParser(alias_format=format_str, param_stream=param_stream)
    return parser.get_multiple_extracted_param_value() if match_multiple else parser.get_extracted_param_value()


def extract_parameters_for_action_alias_db(action_alias_db, format_str, param_stream, match_multiple=False):
    if format_str not in action_alias_db.get_format_strings():
        raise ValueError(f'Format string "{format_str}" is not available on the alias "{action_alias_db.name}"')
    return extract_parameters(format_str, param_stream, match_multiple)


def _split_pairs(command):
    """`name=value` words at the end are parameters that no format has to name."""
    ending = _PAIRS_AT_END.match(command).group(1)
    # Each match is the name, the value with its quotes, and then its inside in whichever branch took it.
    pairs = [(found[0], "".join(found[2:])) for found in _EACH_PAIR.findall(ending)]
    return pairs, f" {command.replace(ending, '') if ending else command} "


@functools.lru_cache(maxsize=1024)
def _compile(alias_format):
    defaults = [(name, "".join(branches)) for name, *branches in re.findall(_OPTIONAL, alias_format, re.DOTALL)]
    pattern = re.sub(r"(\s*)" + _OPTIONAL, "(?:" + _VALUE + ")?", alias_format)
    pattern = re.sub(r"(\s*)" + _REQUIRED, _VALUE, pattern)
    tokens = sre_parser.parse(pattern, flags=re.DOTALL)
    if not _has_anchor(tokens, ("AT_BEGINNING", "AT_BEGINNING_STRING")):
        pattern = r"^\s*" + pattern
    if not _has_anchor(tokens, ("AT_END", "AT_END_STRING")):
        pattern += r"\s*$"
    return re.compile(pattern, re.DOTALL), defaults


def _has_anchor(tokens, names):
    """Of a choice only the second branch counts, which is where StackStorm looks."""
    for kind, argument in tokens:
        if str(kind) == "AT" and str(argument) in names:
            return True
        if str(kind) == "SUBPATTERN" and _has_anchor(argument[3], names):
            return True
        if str(kind) == "BRANCH" and _has_anchor(argument[1][1], names):
            return True
    return False
