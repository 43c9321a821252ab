"""The base class of every Python action."""

import abc

from st2common.runners.utils import get_logger_for_python_runner_action

__all__ = ["Action"]


class _LazyLogger:
    """Imports `logging` only for an action that logs: it costs as much as the rest of the start."""

    def __get__(self, action, owner):
        if action is None:
            return self
        level = getattr(getattr(action, "action_service", None), "log_level", "debug")
        action.logger = get_logger_for_python_runner_action(type(action).__name__, level)
        return action.logger


class Action(abc.ABC):
    """`self.config`, `self.action_service` and `self.logger` are there before `run` is called."""

    description = None
    logger = _LazyLogger()

    def __init__(self, config=None, action_service=None):
        self.config = {} if config is None else config
        self.action_service = action_service

    @abc.abstractmethod
    def run(self, **kwargs):
        """Gets all parameters. Returns the result, or a pair of True (succeeded) or False and the result."""
