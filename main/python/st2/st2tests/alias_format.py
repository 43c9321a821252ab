"""Whether a command fits a format of an alias, and with which values: what an app does with it, in a test."""

from st2common.exceptions.content import ParseException
from st2common.models.utils.action_alias_utils import extract_parameters

__all__ = ["ParseException", "extract_parameters"]
