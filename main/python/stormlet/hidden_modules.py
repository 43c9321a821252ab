"""Modules that a server imports ahead and its children do not see until they import them themselves.

They are kept out of `sys.modules` and off their packages. The import that asks for one gets it back with all that it
imported in its turn, as if it had just been loaded. So nothing that a program can look at tells that it was there. What
an import leaves in the process beside modules (a thread, an open file, a changed signal handler) cannot be hidden: such
a module is `Unsuitable`.
"""

from __future__ import annotations

import builtins
import sys
import warnings
from importlib.machinery import ModuleSpec, PathFinder

from .folders import Folders
from .process_state import ProcessState

TYPE_CHECKING = False  # As `typing` has it.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

_OWN = __name__.partition(".")[0] + "."


class Unsuitable(Exception):
    """Importing `module` left something behind that a fork would share; this process is of no use any more."""

    def __init__(self, module: str, why: str) -> None:
        super().__init__(why)
        self.module = module

    def report(self) -> dict[str, str]:
        return {"module": self.module, "why": str(self)}


class _Hidden:
    """One module, and what its import does to the world."""

    def __init__(self, name: str, module: ModuleType) -> None:
        self.module = module
        self.spec = getattr(module, "__spec__", None)
        self.needs: set[str] = set()
        self.additions: tuple[tuple[list[Any], object, bool], ...] = ()
        package, _, self.attribute = name.rpartition(".")
        self.package = sys.modules.get(package)
        if self.package is not None and self.package.__dict__.get(self.attribute) is not module:
            self.package = None

    def leave(self, name: str) -> None:
        if sys.modules.pop(name, None) is not None and self.package is not None:
            self.package.__dict__.pop(self.attribute, None)


class HiddenModules:
    """First fills itself in the server, then is a finder of modules in each child."""

    def __init__(self, cold: frozenset[str]) -> None:
        """`cold`: the modules that a cold start has by now. What the server needed beside them is hidden as well."""
        self.failed: list[str] = []
        self._modules: dict[str, _Hidden] = {}
        self._needs: dict[str, set[str]] = {}
        self._path = frozenset(sys.path)
        self._folders = Folders()
        # What bringing back begins with where it is known ahead: names that were asked for, with all that comes along.
        self._closures: dict[str, dict[str, None]] = {}
        # Names that this child has asked for.
        self.asked: list[str] = []
        self._is_offering = False
        self._ours: set[str] = set()
        self._plain_import = builtins.__import__
        for name in [name for name in sys.modules if name not in cold]:
            hidden = _Hidden(name, sys.modules[name])
            hidden.leave(name)
            if not name.startswith(_OWN):
                self._modules[name] = hidden
                self._ours.add(name)
        self._cold = frozenset(sys.modules)

    def import_ahead(self, names: Sequence[str], folders: Sequence[str], are_ours: bool = False) -> None:
        """One by one, each out of sight of the others. Raises Unsuitable."""
        path = sys.path[:]
        sys.path += [folder for folder in folders if folder not in path]
        sys.meta_path.insert(0, self)
        builtins.__import__ = self._noting_import
        try:
            for name in names:
                for each in _with_parents(name):
                    if each not in self._modules and each not in self._cold:
                        before = frozenset(self._modules)
                        self._import(each)
                        if are_ours:
                            self._ours.update(self._modules.keys() - before)
        finally:
            builtins.__import__ = self._plain_import
            sys.meta_path.remove(self)
            sys.path[:] = path

    def module(self, name: str) -> ModuleType | None:
        return self._modules[name].module if name in self._modules else sys.modules.get(name)

    def names(self) -> list[str]:
        return [name for name in self._modules if name not in self._ours]

    def files(self) -> list[str]:
        files = (getattr(hidden.module, "__file__", None) for hidden in self._modules.values())
        return [file for file in files if isinstance(file, str)]

    def offer(self) -> None:
        """In a child: from now on an import finds them, each once."""
        self._is_offering = True
        threading = self.module("threading")
        if threading is not None:
            # Before Python 3.12, it keeps the main thread's id of the server.
            threading.main_thread()._set_native_id()
        sys.meta_path.insert(0, self)

    def rehearse(self, names: Sequence[str]) -> None:
        """Brings back and takes out again: what a bringing back writes to is this process's own afterwards."""
        # Each as if it were asked for alone: the next action may ask for one of them only.
        self._closures = {name: self._closure(name) for name in names}
        for closure in self._closures.values():
            for each in closure:
                self._put_back(each)
        for closure in self._closures.values():
            for each in reversed(closure):
                self._modules[each].leave(each)

    def forget(self) -> None:
        """All but what is ours: an import loads it from its file."""
        for name in self.names():
            del self._modules[name]

    def _import(self, name: str) -> None:
        before = ProcessState(self._cold)
        lists = [(each, each[:]) for each in _lists()]
        try:
            __import__(name)
        except BaseException:
            # The action that needed it had it from somewhere else, or will see for itself why it fails.
            self.failed.append(name)
            for each in [each for each in sys.modules if each not in self._cold and each not in self._modules]:
                del sys.modules[each]
        why = before.difference()
        if why is not None:
            raise Unsuitable(name, why)
        self._take(name, tuple((each, item, each.index(item) == 0) for each, old in lists for item in each if item not in old))
        for each, old in lists:
            each[:] = old

    def _take(self, wanted: str, additions: tuple[tuple[list[Any], object, bool], ...]) -> None:
        fresh = {
            name: _Hidden(name, module)
            for name, module in sys.modules.items()
            if name not in self._cold and name not in self._modules
        }
        for name, hidden in fresh.items():
            hidden.additions = additions
            hidden.needs = self._needs.get(name, set()) | {name.rpartition(".")[0]}
        self._modules.update(fresh)
        if wanted in fresh:
            for name in fresh.keys() - self._reachable(wanted):
                # What a module put there itself, as `typing` does, is its own; the rest was imported without a statement.
                owner = name.rpartition(".")[0]
                fresh[owner if fresh[name].spec is None and owner in fresh else wanted].needs.add(name)
        self._needs.clear()
        for name, hidden in self._modules.items():
            hidden.leave(name)

    def _reachable(self, name: str) -> set[str]:
        found, todo = set(), [name]
        while todo:
            each = todo.pop()
            if each in self._modules and each not in found:
                found.add(each)
                todo += self._modules[each].needs
        return found

    def _noting_import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        """Notes which module imports which: also what is loaded already would be loaded by it."""
        module = self._plain_import(name, globals, locals, fromlist, level)
        importer = globals.get("__name__") if isinstance(globals, dict) else None
        if isinstance(importer, str):
            if level:
                package = globals.get("__package__") or importer
                name = ".".join([*package.split(".")[: None if level == 1 else 1 - level], *([name] if name else [])])
            listed = getattr(module, "__all__", ()) if fromlist and "*" in fromlist else fromlist or ()
            names = [*_with_parents(name), *(f"{name}.{each}" for each in listed)]
            self._needs.setdefault(importer, set()).update(each for each in names if each in sys.modules)
        return module

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The finder's side: a spec whose loading is the module's return."""
        hidden = self._modules.get(name)
        if hidden is None or hidden.spec is None:
            return None
        if self._is_offering and path is None:
            shadow = self._shadow(name, hidden.spec)
            if shadow is not None:
                return shadow
        original = hidden.spec
        spec = ModuleSpec(name, _Returning(self, name, original), origin=original.origin)
        spec.submodule_search_locations = original.submodule_search_locations
        spec.has_location = original.has_location
        spec.cached = original.cached
        return spec

    def _shadow(self, name: str, spec: ModuleSpec) -> ModuleSpec | None:
        """The module of this name that the child put in front on its path, where it did."""
        folder = _folder(spec)
        if folder is None:
            return None
        in_front = []
        for entry in sys.path:
            if entry == folder:
                return PathFinder.find_spec(name, in_front) if in_front else None
            if entry not in self._path and self._folders.may_hold(entry, name):
                in_front.append(entry)
        return PathFinder.find_spec(name)

    def bring_back(self, name: str) -> ModuleType:
        module = self._modules[name].module
        if self._is_offering:
            self.asked.append(name)
        closure = self._closures.get(name, {})
        is_known = closure and closure.keys() <= self._modules.keys() and sys.modules.keys().isdisjoint(closure)
        for each in closure if is_known else self._closure(name):
            self._put_back(each)
            for place, item, is_first in self._modules[each].additions:
                if item not in place:
                    place.insert(0 if is_first else len(place), item)
                    _tell_warnings(place)
            if self._is_offering:
                # A program that takes a module out and imports it anew gets a new one.
                del self._modules[each]
        return module

    def _put_back(self, name: str) -> None:
        hidden = self._modules[name]
        sys.modules[name] = hidden.module
        if hidden.package is not None:
            setattr(hidden.package, hidden.attribute, hidden.module)

    def _closure(self, name: str) -> dict[str, None]:
        """It and all that it imports in its turn, as far as that is hidden and not there by another way."""
        found: dict[str, None] = {}
        todo = [name]
        while todo:
            each = todo.pop()
            hidden = self._modules.get(each)
            if hidden is not None and each not in found and each not in sys.modules:
                found[each] = None
                todo += hidden.needs
        return found


class _Returning:
    """The loader of a module that is loaded already; in all else the one that it was loaded with."""

    def __init__(self, all_hidden: HiddenModules, name: str, original: ModuleSpec) -> None:
        self._all_hidden = all_hidden
        self._name = name
        self._original = original

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._all_hidden.bring_back(self._name)

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._original

    def __getattr__(self, name: str) -> object:
        return getattr(self._original.loader, name)


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _lists() -> tuple[list[Any], ...]:
    """What imports add to and a child may look at: brought back together with the module that added."""
    return (warnings.filters, sys.meta_path, sys.path_hooks)


def _tell_warnings(place: list[Any]) -> None:
    if place is warnings.filters:
        # The public way to make it look at its filters again.
        with warnings.catch_warnings():
            pass


def _folder(spec: ModuleSpec) -> str | None:
    """The entry of `sys.path` that it was found in; None for what is in Python itself."""
    if not spec.has_location or not isinstance(spec.origin, str):
        return None
    folder = spec.origin.rpartition("/")[0]
    return folder.rpartition("/")[0] if spec.submodule_search_locations is not None else folder
