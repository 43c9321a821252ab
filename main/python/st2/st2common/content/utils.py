"""Where packs are on this machine."""

import os

__all__ = [
    "get_pack_base_path",
    "get_pack_directory",
    "get_pack_file_abs_path",
    "get_pack_resource_file_abs_path",
    "get_packs_base_paths",
]


def get_packs_base_paths():
    """The folders that hold packs, in the order in which they are searched."""
    return [folder for folder in os.environ.get("STORMLET_PACKS", "").split(os.pathsep) if folder]


def get_pack_directory(pack_name):
    """The pack's folder, or None where no pack has that name."""
    for base in get_packs_base_paths():
        folder = os.path.abspath(os.path.join(base, pack_name))
        if os.path.isdir(folder):
            return folder
    return None


def get_pack_base_path(pack_name, include_trailing_slash=False, use_pack_cache=False):
    """The pack's folder; where it is not there, the one it would have. None without a name."""
    if not pack_name:
        return None
    bases = get_packs_base_paths() or [os.getcwd()]
    folder = get_pack_directory(pack_name) or os.path.abspath(os.path.join(bases[0], pack_name))
    return os.path.join(folder, "") if include_trailing_slash else folder


def get_pack_file_abs_path(pack_ref, file_path, resource_type=None, use_pack_cache=False):
    """A file of the pack. ValueError when the path leads out of it."""
    folder = get_pack_base_path(pack_ref)
    path = os.path.normpath(os.path.join(folder, file_path))
    if not path.startswith(folder + os.sep):
        raise ValueError(f'Invalid file path: "{file_path}". It has to be relative to the pack directory ({folder}).')
    return path


def get_pack_resource_file_abs_path(pack_ref, resource_type, file_path):
    """A file in the pack's `actions/`, `sensors/` or `rules/`. ValueError for another type or a path that leads out."""
    if resource_type not in ("action", "sensor", "rule"):
        raise ValueError(f"Invalid resource type: {resource_type}")
    return get_pack_file_abs_path(pack_ref, os.path.join(f"{resource_type}s", file_path))
