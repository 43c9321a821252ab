"""What goes wrong with an operation."""

__all__ = ["OperationFailureException"]


class OperationFailureException(Exception):
    """The API did not do what it was asked for."""
