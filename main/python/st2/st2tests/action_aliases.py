"""The test case for ChatOps aliases."""

import os

from st2tests.alias_format import ParseException, extract_parameters
from st2tests.pack_resource import BasePackResourceTestCase

__all__ = ["BaseActionAliasTestCase"]


class ActionAlias:
    """One file of `aliases/`."""

    def __init__(self, values):
        self.name = values.get("name")
        self.pack = values.get("pack")
        self.description = values.get("description")
        self.action_ref = values.get("action_ref")
        self.formats = values.get("formats") or []
        self.ack = values.get("ack") or {}
        self.result = values.get("result") or {}
        self.immutable_parameters = values.get("immutable_parameters") or {}

    def get_format_strings(self):
        """Each text that a command may look like."""
        found = []
        for entry in self.formats:
            texts = entry.get("representation") or [] if isinstance(entry, dict) else entry
            found.extend([texts] if isinstance(texts, str) else texts)
        return found


class BaseActionAliasTestCase(BasePackResourceTestCase):
    """Set `action_alias_name` to the `name` in the alias' file; `self.action_alias_db` is that alias."""

    action_alias_name = None
    action_alias_db = None

    def setUp(self):
        super().setUp()
        if not self.action_alias_name:
            raise ValueError('"action_alias_name" class attribute needs to be provided')
        self.action_alias_db = self._read_alias(self.action_alias_name)

    def assertCommandMatchesExactlyOneFormatString(self, format_strings, command):  # noqa: N802
        matching = [text for text in format_strings if _fits(text, command)]
        if not matching:
            raise AssertionError(f'Command "{command}" didn\'t match any of the provided format strings')
        if len(matching) > 1:
            raise AssertionError(f'Command "{command}" matched multiple format strings: {", ".join(matching)}')

    def assertExtractedParametersMatch(self, format_string, command, parameters):  # noqa: N802
        """The command fits the format, and these values come of it."""
        known = self.action_alias_db.get_format_strings()
        self.assertIn(format_string, known, f"the alias has no format {format_string!r}")
        found = extract_parameters(format_str=format_string, param_stream=command)
        self.assertEqual({**found, **self.action_alias_db.immutable_parameters}, parameters)

    def _read_alias(self, name):
        try:
            import yaml
        except ImportError as error:
            raise RuntimeError("the tests of aliases need PyYAML in the virtualenv") from error
        folder = os.path.join(self._get_base_pack_path(), "aliases")
        for file in sorted(os.listdir(folder)):
            if file.endswith((".yaml", ".yml", ".json")):
                with open(os.path.join(folder, file), encoding="utf-8") as text:
                    values = yaml.safe_load(text)
                if values and values.get("name") == name:
                    return ActionAlias(values)
        raise ValueError(f'Alias with name "{name}" not found in {folder}')


def _fits(format_string, command):
    try:
        extract_parameters(format_str=format_string, param_stream=command)
    except ParseException:
        return False
    return True
