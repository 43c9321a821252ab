"""Evaluates what a workflow's definition says, in both of its languages, and finds what is wrong with its syntax.

A request is a list of steps over one scope. A step is {when?, assign?, value?, item?}: does `when` hold, then one variable
after the other, each seeing the ones before, and then the value. All but `assign` may be left out.
"""
import functools
import inspect
import re

from jinja2 import TemplateError, Undefined, pass_context
from jinja2.parser import Parser

from expressions_scope import PLAIN_FUNCTIONS, READERS, SIGHT, Kept, Scope, Sight
from expressions_yaql import Yaql

EXPRESSION = re.compile("{{.*?}}")
BLOCK = re.compile("{%.*?%}")
RAW = re.compile("{% raw %}.*?{% endraw %}")
YAQL = re.compile("<%.*?%>")
MIXED = "Expression with multiple types is not supported."


class JinjaEvaluationException(Exception):
    pass


class Jinja:
    name = "jinja"

    def __init__(self, environment):
        # An environment of its own: StackStorm's other templates do not have these functions as filters.
        self.environment = environment
        self.environment.filters.update(PLAIN_FUNCTIONS)
        for name, function in READERS.items():
            self.environment.filters[name] = as_filter(function)
        self.template = functools.lru_cache(maxsize=512)(environment.from_string)
        compile_expression = functools.partial(environment.compile_expression, undefined_to_none=False)
        self.expression = functools.lru_cache(maxsize=2048)(compile_expression)

    def sight(self, scope):
        return Sight(scope)

    def evaluate(self, text, sight, nested=False):
        raw = RAW.findall(text)
        for index, block in enumerate(raw):
            text = text.replace(block, "{%d}" % index)
        output = self.expand(text, sight, nested)
        if not isinstance(output, str):
            return output
        rest = [inner(expression) for expression in EXPRESSION.findall(output)]
        if rest:
            raise JinjaEvaluationException("There are unresolved variables: %s" % ", ".join(rest))
        for index, block in enumerate(raw):
            output = output.replace("{%d}" % index, block)
        return self.render(output, sight) if raw else output

    def expand(self, text, sight, nested):
        expressions = EXPRESSION.findall(text)
        blocks = BLOCK.search(text)
        if nested and (expressions or blocks):
            sight.scope.complete()
        if blocks:
            return self.render(text, sight, self.expand)
        output = text
        for expression in expressions:
            value = self.value(expression, sight)
            if isinstance(value, Undefined):
                continue
            if len(expressions) > 1 or len(output) > len(expression):
                output = output.replace(expression, str(value))
            else:
                output = value
        return output

    def value(self, expression, sight):
        try:
            value = self.expression(inner(expression))(**functions(sight))
            if inspect.isgenerator(value):
                value = list(value)
            return self.expand(value, sight, nested=True) if isinstance(value, str) else value
        except Exception as error:
            raise unable(expression, error) from error

    def render(self, text, sight, then=None):
        try:
            output = self.template(text).render(functions(sight))
            return then(output, sight, nested=True) if then else output
        except Exception as error:
            raise unable(text, error) from error

    def faults(self, text):
        broken = set()
        for expression, parse in [(text, self.environment.parse), *((one, self.parse) for one in EXPRESSION.findall(text))]:
            try:
                if expression not in broken:
                    parse(expression)
            except TemplateError as error:
                broken.add(expression)
                yield expression, error.message or str(error)

    def parse(self, expression):
        Parser(self.environment, inner(expression), state="variable").parse_expression()


class Workflows:
    """Both languages. YAQL is loaded with the process, so that its tenth of a second counts against no expression."""

    def __init__(self, environment):
        self.jinja = Jinja(environment)
        self.yaql = Yaql()
        self.kept = {}

    def take(self, message):
        if "forget" in message:
            del self.kept[message["forget"]]
        else:
            self.kept[message["keep"]] = Kept(message["json"])

    def evaluate(self, steps, given, ask):
        kept = {name: self.kept[number] for name, number in given["kept"].items()}
        scope = Scope({**given, "vars": {**given["vars"], **kept}}, ask)
        sights = {}
        return [self.step(step, scope, sights) for step in steps]

    def step(self, step, scope, sights):
        def evaluate(value):
            return self.value(value, scope, sights, step)

        done = {"assigned": [], "errors": []}
        try:
            if "when" in step:
                done["held"] = bool(evaluate(step["when"]))
                if not done["held"]:
                    return done
            for name, value in step.get("assign", ()):
                self.assign(name, value, evaluate, scope, done)
            if "value" in step:
                done["value"] = evaluate(step["value"])
        except Exception as error:  # Whatever an expression raises belongs to its step alone.
            done["errors"].append(fault(error))
        finally:
            if scope.assigned:
                scope.forget_assigned()
        return done

    def assign(self, name, value, evaluate, scope, done):
        try:
            done["assigned"].append([name, evaluate(value)])
            scope.assign(*done["assigned"][-1])
        except Exception as error:
            done["errors"].append(fault(error))

    def value(self, value, scope, sights, step):
        if isinstance(value, dict):
            return {
                self.value(key, scope, sights, step): self.value(one, scope, sights, step) for key, one in value.items()
            }
        if isinstance(value, list):
            return [self.value(one, scope, sights, step) for one in value]
        language = self.language(value) if isinstance(value, str) else None
        if language is None:
            return value
        sight = sights.get(language.name)
        if sight is None:
            sight = sights[language.name] = language.sight(scope)
        return language.evaluate(value, sight.with_item(step["item"]) if "item" in step else sight)

    def language(self, text):
        if EXPRESSION.search(text) or BLOCK.search(text):
            return self.jinja
        return self.yaql if YAQL.search(text) else None

    def faults(self, text):
        """What is wrong with the syntax of one text: [language, expression, message] each."""
        is_jinja = EXPRESSION.search(text) or BLOCK.search(text)
        if is_jinja and YAQL.search(text):
            return [[None, text, MIXED]]
        language = self.language(text)
        return [] if language is None else [[language.name, *found] for found in language.faults(text)]


def functions(sight):
    context = {SIGHT: sight}
    return {**PLAIN_FUNCTIONS, **{name: functools.partial(function, context) for name, function in READERS.items()}, **context}


def as_filter(function):
    """`'key' | st2kv`: a filter of Jinja gets the context only when it asks for it."""
    @pass_context
    def call(context, *arguments, **named):
        return function({SIGHT: context[SIGHT]}, *arguments, **named)

    return call


def inner(expression):
    return expression[2:-2].strip()


def unable(expression, error):
    return JinjaEvaluationException(
        "Unable to evaluate expression '%s'. %s: %s" % (expression, type(error).__name__, error)
    )


def fault(error):
    return {"type": type(error).__name__, "message": str(error)}
