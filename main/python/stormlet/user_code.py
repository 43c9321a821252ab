"""Loads a pack's file and shows what goes wrong in it as plain Python would."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType

from .command_line import Misuse
from .protocol import PACKS_VARIABLE

PYTHON_FOLDER = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def find_file(path: str) -> str:
    """The absolute path of a pack's file. Misuse when there is none."""
    absolute = os.path.abspath(path)
    if not os.path.isfile(absolute):
        raise Misuse(f"there is no file `{absolute}`", "check `entry_point` in the metadata, or `--file-path`")
    return absolute


def extend_path(file: str, base_site_packages: list[str]) -> None:
    """Makes the pack's modules and StackStorm's importable.

    Everything is appended: a pack's folder may hold a `json.py`, and what the virtualenv has always wins. The file's
    own folder first, then the pack's shared ones, then our `st2*` packages, last the base environment.
    """
    pack = pack_folder(file)
    append_folders(folders_of(pack, file, base_site_packages))
    os.environ.setdefault(PACKS_VARIABLE, os.path.dirname(pack))


def folders_of(pack: str, file: str, base_site_packages: list[str]) -> list[str]:
    actions = os.path.join(pack, "actions")
    is_action = file.startswith(actions + os.sep)
    return [
        os.path.dirname(file),
        *([actions] if is_action else []),
        os.path.join(actions, "lib"),
        os.path.join(pack, "lib"),
        os.path.join(PYTHON_FOLDER, "st2"),
        *base_site_packages,
    ]


def append_folders(folders: list[str]) -> None:
    sys.path += missing_on_path(folders)


def missing_on_path(folders: list[str]) -> list[str]:
    """Those that exist and are not on the path yet, each once."""
    return [folder for folder in dict.fromkeys(folders) if folder not in sys.path and os.path.isdir(folder)]


def pack_folder(file: str) -> str:
    """The nearest folder above with a pack.yaml; for a lone file, the one above its own."""
    above = folder = os.path.dirname(file)
    while not os.path.isfile(os.path.join(above, "pack.yaml")):
        above, below = os.path.dirname(above), above
        if above == below:
            return os.path.dirname(folder)
    return above


def load_module(file: str, package: str) -> ModuleType:
    """Runs a pack's file as module `<package>.<file>`.

    The package is there for relative imports. Its name holds a slash: no import statement can ask for it, so an action
    called `time` or `requests` hides nothing. Always compiled from the source: a cached module is told from a newer one
    by whole seconds and size, which an edit made while the app runs can keep.
    """
    parent = ModuleType(package)
    parent.__path__ = [os.path.dirname(file)]
    name = f"{package}.{os.path.splitext(os.path.basename(file))[0]}"
    module = ModuleType(name)
    module.__file__ = file
    module.__package__ = package
    module.__loader__ = SourceFileLoader(name, file)
    module.__spec__ = ModuleSpec(name, module.__loader__, origin=file)
    module.__spec__.has_location = True
    code = compile_file(file)
    sys.modules[package] = parent
    sys.modules[name] = module
    exec(code, module.__dict__)
    return module


def compile_file(file: str) -> CodeType:
    with open(file, "rb") as source:
        return compile(source.read(), file, "exec", dont_inherit=True)


def report(error: BaseException) -> None:
    """Prints the traceback, from the first frame that is user code."""
    trace = error.__traceback__
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.excepthook(type(error), error, trace)


def _is_ours(filename: str) -> bool:
    return filename.startswith("<frozen ") or os.path.realpath(filename).startswith(PYTHON_FOLDER + os.sep)
