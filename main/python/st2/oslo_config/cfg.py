"""`cfg.CONF.group.option`: where packs are, where the API is, who runs. Options that a pack registers have its defaults."""

import os
import sys

__all__ = [
    "CONF",
    "BoolOpt",
    "ConfigOpts",
    "DictOpt",
    "FloatOpt",
    "IntOpt",
    "ListOpt",
    "MultiStrOpt",
    "NoSuchOptError",
    "Opt",
    "OptGroup",
    "StrOpt",
]


class NoSuchOptError(AttributeError):
    """StackStorm has no such option, or it means nothing on one machine."""


class Opt:
    def __init__(self, name, type=None, default=None, help=None, **kwargs):  # noqa: A002
        self.name = name
        self.default = default
        self.help = help

    @property
    def dest(self):
        return self.name.replace("-", "_")


class StrOpt(Opt):
    pass


class BoolOpt(Opt):
    pass


class IntOpt(Opt):
    pass


class FloatOpt(Opt):
    pass


class ListOpt(Opt):
    pass


class MultiStrOpt(Opt):
    pass


class DictOpt(Opt):
    pass


class OptGroup:
    def __init__(self, name, title=None, help=None):  # noqa: A002
        self.name = name
        self.title = title


class Group:
    """Options by name; those of the app are read when they are asked for, as packs' tests change the environment."""

    def __init__(self, name, read=None):
        self._name = name
        self._read = read or {}
        self._values = {}

    def __getattr__(self, name):
        if name in self._values:
            return self._values[name]
        if name in self._read:
            return self._read[name]()
        raise NoSuchOptError(f"no such option {name} in group [{self._name}]")

    def __getitem__(self, name):
        return getattr(self, name)

    def __contains__(self, name):
        return name in self._values or name in self._read

    def get(self, name, default=None):
        return getattr(self, name, default)


class ConfigOpts:
    def __init__(self):
        self._groups = {name: Group(name, read) for name, read in _GROUPS.items()}

    def __call__(self, args=None, **kwargs):
        """There is no file to be read and no command line."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._groups:
            return self._groups[name]
        return getattr(self._groups["DEFAULT"], name)

    def __getitem__(self, name):
        return getattr(self, name)

    def register_group(self, group):
        self._group(group)

    def register_opt(self, opt, group=None, **kwargs):
        values = self._group(group)
        if opt.dest not in values:
            values._values[opt.dest] = opt.default
        return True

    def register_opts(self, opts, group=None, **kwargs):
        for opt in opts:
            self.register_opt(opt, group)

    register_cli_opt = register_opt
    register_cli_opts = register_opts

    def set_override(self, name, override, group=None):
        self._group(group)._values[name] = override

    set_default = set_override

    def clear_override(self, name, group=None):
        self._group(group)._values.pop(name, None)

    def import_opt(self, name, import_str, group=None):
        """What it would import has registered itself."""

    def reset(self):
        pass

    def _group(self, group):
        name = getattr(group, "name", group) or "DEFAULT"
        return self._groups.setdefault(name, Group(name))


def _packs_folder():
    folders = [folder for folder in os.environ.get("STORMLET_PACKS", "").split(os.pathsep) if folder]
    return folders[0] if folders else ""


def _api_url():
    return os.environ.get("ST2_API_URL") or os.environ.get("ST2_ACTION_API_URL") or "http://127.0.0.1:9101/v1"


_GROUPS = {
    "DEFAULT": {"debug": lambda: False},
    "system": {"base_path": lambda: os.path.dirname(_packs_folder()), "debug": lambda: False},
    "content": {
        "system_packs_base_path": _packs_folder,
        "packs_base_paths": lambda: os.environ.get("STORMLET_PACKS", "").replace(os.pathsep, ":"),
        "system_runners_base_path": lambda: "",
    },
    "system_user": {"user": lambda: os.environ.get("USER") or os.environ.get("USERNAME") or ""},
    "auth": {"api_url": _api_url, "enable": lambda: True},
    "actionrunner": {"python_binary": lambda: sys.executable},
}

CONF = ConfigOpts()
