"""Which modules were loaded since some moment."""

from __future__ import annotations

import sys


def modules_after(last: str) -> list[str]:
    """Those that came to `sys.modules` later, the newest first. No look at the others, which a fork would have to copy."""
    names = []
    for name in reversed(sys.modules):
        if name == last:
            break
        names.append(name)
    return names
