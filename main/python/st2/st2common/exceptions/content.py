"""What is wrong with a pack's content, or with a command that is to fit it."""

__all__ = ["ParseException"]


class ParseException(ValueError):
    """A command that does not fit an alias' format."""
