"""A pack's configuration, as the app sends it or as a file holds it."""

from __future__ import annotations

from . import quick_json
from .command_line import Misuse, json_object

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from typing import Any


class MissingConfigValue(ValueError, KeyError):
    """StackStorm raises ValueError here; code that expects what any dict raises works as well."""

    __str__ = Exception.__str__


class PackConfig(dict):
    """`config['key']` of a key that nobody set says where to set it; `.get` gives None."""

    def __init__(self, pack: str, values: dict[str, Any]) -> None:
        super().__init__(values)
        self._pack = pack

    def __missing__(self, key: object) -> object:
        raise MissingConfigValue(
            f"pack `{self._pack}` needs the configuration value `{key}`, which is not set: "
            f"set it in `configs/{self._pack}.yaml`"
        )


def read_config(options: dict[str, Any]) -> dict[str, Any]:
    """From `--config` (JSON) or `--config-file` (JSON or YAML). Misuse when it cannot be read or is no mapping."""
    path = options.get("config-file")
    if path is None:
        return json_object(options.get("config"), "`--config`")
    try:
        with open(str(path), encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"`{path}` cannot be read: {error}", "check `--config-file`") from error
    try:
        values = quick_json.loads(text)
    except ValueError:
        values = _yaml(text, str(path))
    if not isinstance(values, dict):
        raise Misuse(f"`{path}` holds no mapping", "a configuration is a mapping of names to values")
    return values


def _yaml(text: str, path: str) -> Any:
    """With the virtualenv's PyYAML: the standard library reads no YAML."""
    try:
        import yaml
    except ImportError as error:
        hint = "write it as JSON, or give `--base-site-packages` of an environment with PyYAML"
        raise Misuse(f"`{path}` is no JSON, and this Python has no PyYAML to read it", hint) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Misuse(f"`{path}` is no YAML: {' '.join(str(error).split())}", "check its indentation") from error
