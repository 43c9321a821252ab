"""What commands say of a resource that is not there."""

__all__ = ["ResourceNotFoundError"]


class ResourceNotFoundError(Exception):
    """There is no resource of that name or id."""
