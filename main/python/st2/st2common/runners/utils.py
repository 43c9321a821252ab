"""The logger of Python actions."""

import sys

__all__ = ["get_logger_for_python_runner_action"]


def get_logger_for_python_runner_action(action_name, log_level="debug"):
    """A `logging.Logger` that writes `actions.python.<name>: LEVEL    message` to stderr."""
    import logging

    logger = logging.getLogger("actions.python." + action_name)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(name)-12s: %(levelname)-8s %(message)s"))
        logger.addHandler(handler)
    level = logging.getLevelName(str(log_level).upper())
    logger.setLevel(level if isinstance(level, int) else logging.DEBUG)
    return logger
