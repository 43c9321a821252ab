"""Runs a pack's tests as StackStorm's own runner would find them."""

from __future__ import annotations

import importlib.util
import json
import os
import sys

from .command_line import MANY, ONE, Misuse, complain, parse
from .protocol import EXIT_FAILED, EXIT_MISUSE, RESULT_VARIABLE
from .test_files import find_test_files
from .user_code import PYTHON_FOLDER, append_folders

TYPE_CHECKING = False  # As `typing` has it; the wrappers do without it.
if TYPE_CHECKING:
    from typing import Any

_OPTIONS = {"folder": ONE, "only": MANY, "base-site-packages": MANY}
EXIT_NO_TESTS = 5


def main(arguments: list[str]) -> int:
    """The exit code."""
    try:
        options = parse(arguments, _OPTIONS, ("folder",))
        pack = os.path.abspath(str(options["folder"]))
        if not os.path.isdir(os.path.join(pack, "tests")):
            raise Misuse(f"there is no folder `{os.path.join(pack, 'tests')}`", "tests are files `tests/test_*.py`")
    except Misuse as problem:
        complain(problem)
        return EXIT_MISUSE
    _extend_path(pack, options.get("base-site-packages", []))
    os.chdir(pack)
    os.environ.setdefault("ST2_ACTION_PACK_NAME", os.path.basename(pack))
    outcome = _run(pack, options.get("only", []))
    result_file = os.environ.get(RESULT_VARIABLE)
    if result_file:
        with open(result_file, "w", encoding="utf-8") as file:
            json.dump(outcome, file)
    if outcome["failed"] or outcome["broken"]:
        return EXIT_FAILED
    return 0 if outcome["passed"] or outcome["skipped"] else EXIT_NO_TESTS


def _run(pack: str, only: list[str]) -> dict[str, Any]:
    if importlib.util.find_spec("pytest"):
        from .run_pytest import run_pytest

        return run_pytest(pack, only)
    from .run_unittest import run_unittest

    return run_unittest(find_test_files(os.path.join(pack, "tests")), only)


def _extend_path(pack: str, base_site_packages: list[str]) -> None:
    """The folders that st2-run-pack-tests puts there, and those that an action and a sensor see here."""
    inside = ("sensors", "actions", "etc", os.path.join("actions", "lib"), "lib", "tests", "")
    append_folders(
        [os.path.join(pack, name).rstrip(os.sep) for name in inside]
        + [os.path.join(PYTHON_FOLDER, "st2"), *base_site_packages, os.path.join(PYTHON_FOLDER, "testing")]
    )
