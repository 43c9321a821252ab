"""What a child without a job does meanwhile: the way of the last job, as far as nothing of it can be seen.

A fork shares its memory with its server, and each page that it writes to is copied then. Half of a small action's time is
that; a child that has been this way has its pages.
"""

from __future__ import annotations

from . import quick_json
from .command_line import ACTION_NEEDS, ACTION_OPTIONS, json_object, parse, part
from .installed_imports import InstalledImports
from .limits import Limits
from .pack_config import PackConfig
from .protocol import encode_result
from .user_code import compile_file, find_file, folders_of, missing_on_path, pack_folder


def rehearse(job: bytes) -> None:
    """`job`: as a child is told it. Leaves nothing behind; what fails here fails again where it is told."""
    try:
        head, _, text = job.partition(b"\n")
        options = parse(quick_json.loads(head)["arguments"], ACTION_OPTIONS, ACTION_NEEDS)
        setup = json_object(text, "stdin")
        file = find_file(options["file-path"])
        pack, base = pack_folder(file), options.get("base-site-packages", [])
        missing_on_path(folders_of(pack, file, base))
        PackConfig(options["pack"], part(setup, "config"))
        Limits(part(setup, "limits"))
        InstalledImports(pack, base, frozenset())
        compile_file(file)
        encode_result(None, {"text": "", "list": [0]})
    except Exception:
        return
