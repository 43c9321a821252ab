"""Eventlet's patches, for packs that ask for them. Where eventlet is not installed there is nothing to patch."""

__all__ = ["is_use_debugger_flag_provided", "monkey_patch", "use_select_poll_workaround"]


def monkey_patch(patch_thread=None):
    try:
        import eventlet
    except ImportError:
        return
    thread = not is_use_debugger_flag_provided() if patch_thread is None else patch_thread
    eventlet.monkey_patch(os=True, select=True, socket=True, thread=thread, time=True)


def use_select_poll_workaround(nose_only=True):
    """StackStorm needs it for its own tests under eventlet."""


def is_use_debugger_flag_provided():
    import sys

    return "--use-debugger" in sys.argv
