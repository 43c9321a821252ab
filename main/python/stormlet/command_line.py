"""Command lines and complaints of the wrappers. `argparse` would cost a third of an action's start."""

from __future__ import annotations

import sys

from . import quick_json

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from typing import Any

ONE, MANY, FLAG = "one value", "one or more values", "no value"

# What the action wrapper takes, and what it needs.
ACTION_OPTIONS = {
    "pack": ONE,
    "file-path": ONE,
    "action": ONE,
    "parameters": ONE,
    "config": ONE,
    "config-file": ONE,
    "user": ONE,
    "log-level": ONE,
    "base-site-packages": MANY,
    "setup-from-stdin": FLAG,
}
ACTION_NEEDS = ("pack", "file-path")


class Misuse(Exception):
    """Somebody started a wrapper wrongly: said in one sentence with a hint, never with a traceback."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def complain(problem: Misuse) -> None:
    say(f"{problem}\nhint: {problem.hint}")


def say(message: str) -> None:
    """A line of ours on stderr, among those of user code; lost where user code or the reader closed it."""
    try:
        sys.stderr.write(f"stormlet: {message}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return


def parse(arguments: list[str], known: dict[str, str], required: tuple[str, ...]) -> dict[str, Any]:
    """Options by name, without dashes: a text (ONE), a list of texts (MANY), True (FLAG). Misuse for any other line."""
    options: dict[str, Any] = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        kind = known.get(name[2:]) if name.startswith("--") else None
        if kind is None or (kind is FLAG and equals):
            raise Misuse(f"`{name}{equals}{value}` is no option", _usage(known, required))
        _take(options, name[2:], kind, [value] if equals else _values(rest, kind))
    for name in required:
        if name not in options:
            raise Misuse(f"`--{name}` is missing", _usage(known, required))
    return options


def _values(rest: list[str], kind: str) -> list[str]:
    """Takes the values that follow an option off `rest`; a single one may begin with a dash."""
    if kind is FLAG or not rest:
        return []
    if kind is ONE:
        return [] if rest[0].startswith("--") else [rest.pop(0)]
    values = []
    while rest and not rest[0].startswith("--"):
        values.append(rest.pop(0))
    return values


def _take(options: dict[str, Any], name: str, kind: str, values: list[str]) -> None:
    if kind is FLAG:
        options[name] = True
    elif not values:
        raise Misuse(f"`--{name}` needs a value", f"write `--{name} VALUE`")
    elif kind is ONE:
        options[name] = values[0]
    else:
        options[name] = [*options.get(name, []), *values]


def _usage(known: dict[str, str], required: tuple[str, ...]) -> str:
    words = {ONE: " VALUE", MANY: " VALUE …", FLAG: ""}
    parts = [f"--{name}{words[kind]}" for name, kind in known.items()]
    return "options are " + " ".join(part if part.split()[0][2:] in required else f"[{part}]" for part in parts)


def json_object(text: str | bytes | None, source: str) -> dict[str, Any]:
    """The JSON object that `text` holds, an empty one for None. Misuse when it holds anything else."""
    if text is None:
        return {}
    try:
        value = quick_json.loads(text)
    except ValueError as error:
        raise Misuse(f"{source} is no JSON: {error}", 'it is an object, for example \'{"name": "value"}\'') from error
    if not isinstance(value, dict):
        raise Misuse(f"{source} is JSON, but no object", "it begins with `{`")
    return value


def part(setup: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under a key of the set-up, empty where there is none. Misuse when it is no object."""
    value = setup.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Misuse(f"`{name}` in the set-up is no object", "it begins with `{`")
    return value
