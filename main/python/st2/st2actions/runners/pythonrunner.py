"""The place where StackStorm had `Action` before version 2.0; packs still import it from here."""

from st2common.runners.base_action import Action

__all__ = ["Action"]
