"""Semantic versions (semver.org 2.0.0) for the `version_…` filters."""
import operator
import re

NUMBER = r"(?:0|[1-9]\d*)"
IDENTIFIER = r"(?:%s|\d*[A-Za-z-][0-9A-Za-z-]*)" % NUMBER
VERSION = re.compile(
    r"(?P<major>%s)\.(?P<minor>%s)\.(?P<patch>%s)(?:-(?P<pre>%s(?:\.%s)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
    % (NUMBER, NUMBER, NUMBER, IDENTIFIER, IDENTIFIER),
    re.ASCII,
)
CONDITION = re.compile(r"(>=|<=|==|!=|>|<|)(.*)", re.DOTALL)
COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "": operator.eq,
}


def parse(text):
    """(major, minor, patch, pre-release identifiers)"""
    match = VERSION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("%r is not a semantic version such as 1.2.3" % (text,))
    pre = match.group("pre")
    numbers = tuple(int(match.group(part)) for part in ("major", "minor", "patch"))
    return (*numbers, pre.split(".") if pre else [])


def precedence(text):
    """Sorts as semver.org clause 11 says: a release after its pre-releases, numbers before words."""
    major, minor, patch, pre = parse(text)
    words = [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in pre]
    return (major, minor, patch, not pre, words)


def version_compare(value, pattern):
    left, right = precedence(value), precedence(pattern)
    return (left > right) - (left < right)


def version_more_than(value, pattern):
    return version_compare(value, pattern) == 1


def version_less_than(value, pattern):
    return version_compare(value, pattern) == -1


def version_equal(value, pattern):
    return version_compare(value, pattern) == 0


def version_match(value, pattern):
    sign, version = CONDITION.fullmatch(pattern).groups()
    return COMPARISONS[sign](version_compare(value, version), 0)


def version_bump_major(value):
    return "%d.0.0" % (parse(value)[0] + 1)


def version_bump_minor(value):
    major, minor, _, _ = parse(value)
    return "%d.%d.0" % (major, minor + 1)


def version_bump_patch(value):
    """A pre-release is bumped to the release that it comes before."""
    major, minor, patch, pre = parse(value)
    return "%d.%d.%d" % (major, minor, patch if pre else patch + 1)


def version_strip_patch(value):
    return "%d.%d" % parse(value)[:2]


VERSION_FILTERS = {
    "version_bump_major": version_bump_major,
    "version_bump_minor": version_bump_minor,
    "version_bump_patch": version_bump_patch,
    "version_compare": version_compare,
    "version_equal": version_equal,
    "version_less_than": version_less_than,
    "version_match": version_match,
    "version_more_than": version_more_than,
    "version_strip_patch": version_strip_patch,
}
