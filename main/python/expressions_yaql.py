"""`<% … %>` in the texts of a workflow."""
import collections.abc
import functools
import inspect
import re

import yaql
from yaql.language import exceptions, utils
from yaql.language.factory import YaqlFactory

from expressions_scope import PLAIN_FUNCTIONS, READERS, SIGHT, Sight

EXPRESSION = re.compile("<%.*?%>")
"""On one line: what is broken over two is plain text, as it is for StackStorm."""


class YaqlEvaluationException(Exception):
    pass


class Yaql:
    name = "yaql"

    def __init__(self):
        self.parse = functools.lru_cache(maxsize=2048)(YaqlFactory().create())
        self.root = yaql.create_context()
        for name, function in READERS.items():
            self.root.register_function(function, name=name)
        for name, function in PLAIN_FUNCTIONS.items():
            self.root.register_function(function if name in ("json", "zip") else with_plain_arguments(function), name=name)

    def sight(self, scope):
        return Sight(scope, utils.convert_input_data)

    def evaluate(self, text, sight, nested=False):
        expressions = EXPRESSION.findall(text)
        if nested and expressions:
            sight.scope.complete()
        output = text
        for expression in expressions:
            value = self.value(expression, sight)
            if len(expressions) > 1 or len(output) > len(expression):
                output = output.replace(expression, str(value))
            else:
                output = value
        return output

    def value(self, expression, sight):
        context = self.root.create_child_context()
        context[SIGHT] = sight
        try:
            value = self.parse(inner(expression)).evaluate(context=context)
            if isinstance(value, str):
                return self.evaluate(value, sight, nested=True)
            return list(value) if inspect.isgenerator(value) else value
        except KeyError as error:
            key = str(error).strip("'")
            message = "Unable to resolve key '%s' in expression '%s' from context." % (key, expression)
            raise YaqlEvaluationException(message) from error
        except Exception as error:
            message = "Unable to evaluate expression '%s'. %s: %s"
            text = str(error).strip("'")
            raise YaqlEvaluationException(message % (expression, type(error).__name__, text)) from error

    def faults(self, text):
        for expression in EXPRESSION.findall(text):
            try:
                self.parse(inner(expression))
            except (exceptions.YaqlException, ValueError, TypeError) as error:
                yield expression, str(error)


def inner(expression):
    return expression[2:-2].strip()


def with_plain_arguments(function):
    """YAQL hands over frozen dictionaries and tuples, which the encoders of JSON and YAML do not take."""

    def call(*arguments, **named):
        return function(*map(plain, arguments), **{name: plain(value) for name, value in named.items()})

    call.__signature__ = inspect.signature(function)
    return call


def plain(value):
    if isinstance(value, collections.abc.Mapping):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value
