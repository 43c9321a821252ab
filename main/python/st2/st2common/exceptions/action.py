"""What actions raise about their parameters."""

__all__ = ["InvalidActionParameterException"]


class InvalidActionParameterException(Exception):
    """A parameter has a value that the action cannot use."""
