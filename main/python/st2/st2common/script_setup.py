"""What StackStorm's own scripts begin and end with. There is no database and no queue to be connected to here."""

import st2common.triggers  # noqa: F401  Scripts reach it through this one.

__all__ = ["db_setup", "register_exchanges_with_retry", "setup", "teardown"]


def setup(*args, **kwargs):
    pass


def db_setup(*args, **kwargs):
    pass


def register_exchanges_with_retry():
    pass


def teardown():
    pass
