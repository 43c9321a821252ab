"""StackStorm's `logging` stand-in: packs only ask it for loggers."""

from logging import getLogger

__all__ = ["getLogger"]
