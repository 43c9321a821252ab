"""The app has its own trigger types by itself."""

__all__ = ["register_internal_trigger_types"]


def register_internal_trigger_types():
    return []
