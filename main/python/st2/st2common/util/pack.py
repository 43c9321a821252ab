"""What pack.yaml says of a pack."""

import os
import re

from st2common.constants.pack import MANIFEST_FILE_NAME

__all__ = ["get_pack_metadata", "get_pack_ref_from_metadata"]

_PACK_REF = re.compile(r"[a-z0-9_]+")


def get_pack_metadata(pack_dir):
    """ValueError where there is no pack.yaml, or nothing in it."""
    try:
        import yaml
    except ImportError as error:
        raise RuntimeError("reading pack.yaml needs PyYAML in the virtualenv or in the base environment") from error

    manifest = os.path.join(pack_dir, MANIFEST_FILE_NAME)
    if not os.path.isfile(manifest):
        raise ValueError(f'Pack "{pack_dir}" is missing {MANIFEST_FILE_NAME} file')
    with open(manifest, encoding="utf-8") as text:
        metadata = yaml.safe_load(text)
    if not metadata:
        raise ValueError(f'Pack "{pack_dir}" metadata file is empty')
    return metadata


def get_pack_ref_from_metadata(metadata, pack_directory_name=None):
    """Its `ref`, else the name of its folder or its own name, where that can be one."""
    for name in (metadata.get("ref"), pack_directory_name, metadata.get("name")):
        if name and _PACK_REF.fullmatch(name):
            return name
    raise ValueError(f'Pack name "{metadata.get("name")}" contains invalid characters and "ref" attribute is not available.')
