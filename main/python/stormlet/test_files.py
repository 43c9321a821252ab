"""Finds and imports the test files of a pack."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from types import ModuleType

_SKIPPED_FOLDERS = ("fixtures", "__pycache__")
# nose's rule, by which StackStorm finds them: `test_x.py`, `x_test.py`, `TestX.py`.
_TEST_NAME = re.compile(r"(?:^|[_.-])[Tt]est")


def find_test_files(folder: str) -> list[str]:
    found = []
    for above, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith("."))
        names = (name for name in sorted(files) if name.endswith(".py") and _TEST_NAME.search(name[:-3]))
        found.extend(os.path.join(above, name) for name in names)
    return found


def import_test_file(file: str) -> ModuleType:
    """As a module of the package that its folder is, else by its bare name; what it imports beside itself is found."""
    folder, name = os.path.dirname(file), os.path.splitext(os.path.basename(file))[0]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        name = f"{os.path.basename(folder)}.{name}"
        folder = os.path.dirname(folder)
    for place in (folder, os.path.dirname(file)):
        if place not in sys.path:
            sys.path.append(place)
    taken = sys.modules.get(name)
    if taken is None:
        found = importlib.util.find_spec(name) if "." not in name else None
        if "." in name or (found and found.origin and os.path.samefile(found.origin, file)):
            return importlib.import_module(name)
    elif _same_file(taken, file):
        return taken
    return _load_as(f"{name}@{file}", file)


def _same_file(module: ModuleType, file: str) -> bool:
    origin = getattr(module, "__file__", None)
    return origin is not None and os.path.exists(origin) and os.path.samefile(origin, file)


def _load_as(name: str, file: str) -> ModuleType:
    """For a file whose name another module has: an installed package's, or a file's in another folder of tests."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
