"""Holds a sentence against the formats of action aliases, within the time that the service gives to one request."""
import os
import sys

# The packs' own folder of StackStorm's names, where the formats are read for their tests too.
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "st2"))

from st2common.exceptions.content import ParseException  # noqa: E402
from st2common.models.utils.action_alias_utils import extract_parameters  # noqa: E402


def match_aliases(sentence, formats):
    """For each format the sets of values that it finds, none where it does not fit, or why it is no format."""
    return [match_format(sentence, each["format"], each["multiple"]) for each in formats]


def match_format(sentence, text, multiple):
    try:
        found = extract_parameters(text, sentence, multiple)
    except ParseException:
        return {"found": []}
    except Exception as error:  # Not a regular expression, two groups of one name: a fault of this format alone.
        return {"error": "%s: %s" % (type(error).__name__, error)}
    return {"found": found if multiple else [found]}
