"""What the expressions of a workflow see, and the functions that read it: `ctx`, `result`, `task`, `item`, `st2kv` and others.

A function takes its language's context first; in it the language keeps a `Sight` under the name SIGHT.
"""
import collections.abc
import itertools
import json

from expressions_filters import FILTERS, from_json_string, from_yaml_string, to_json_string, to_yaml_string

SIGHT = "__sight"
COMPLETED = ("succeeded", "failed", "timeout", "abandoned", "canceled")


class ExpressionEvaluationException(Exception):
    pass


class VariableUndefinedError(Exception):
    def __init__(self, name):
        super().__init__('The variable "%s" is undefined.' % name)


class VariableInaccessibleError(Exception):
    def __init__(self, name):
        super().__init__('The variable "%s" is for internal use and inaccessible.' % name)


class Scope:
    """One request's variables, result and task. `ask` gets from the app what was not sent along."""

    def __init__(self, given, ask):
        self.ask = ask
        self.assigned = {}
        self.take(given)

    def take(self, given):
        self.partial = given["partial"]
        self.given = given["vars"]
        self.variables = {**self.given, **self.assigned}
        self.result = given["result"]
        self.task = given["task"]

    def complete(self):
        """The app sends what a text itself names. A text that came out of another one may name anything."""
        if self.partial:
            self.take(self.ask({"ask": "scope"}))

    def assign(self, name, value):
        self.assigned[name] = value
        self.variables[name] = value

    def forget_assigned(self):
        self.assigned = {}
        self.variables = dict(self.given)


class Kept:
    """A large value that came before the requests that read it. YAQL cannot change what it is given, Jinja can."""

    def __init__(self, text):
        self.text = text
        self.frozen = None

    def seen_by(self, convert):
        if convert is None:
            return json.loads(self.text)
        if self.frozen is None:
            self.frozen = convert(json.loads(self.text))
        return self.frozen


class Sight:
    """A scope as one language wants its values. `convert` may take long, so it is done once for a value."""

    def __init__(self, scope, convert=None, item=None, converted=None):
        self.scope = scope
        self.convert = convert
        self.item = item
        self.converted = {} if converted is None else converted

    def see(self, name, value):
        is_kept = isinstance(value, Kept)
        if self.convert is None and not is_kept:
            return value
        known = self.converted.get(name)
        if known is None or known[0] is not value:
            seen = value.seen_by(self.convert) if is_kept else self.convert(value)
            known = self.converted[name] = (value, seen)
        return known[1]

    def with_item(self, item):
        return Sight(self.scope, self.convert, [item], self.converted)

    @property
    def task(self):
        if not self.scope.task:
            raise ExpressionEvaluationException("The current task is not set in the context.")
        return self.scope.task


def ctx(context, key=None):
    sight = context[SIGHT]
    variables = sight.scope.variables
    if not key:
        return {name: sight.see(("ctx", name), variables[name]) for name in variables if not name.startswith("__")}
    if key not in variables:
        raise VariableUndefinedError(key)
    if key.startswith("__"):
        raise VariableInaccessibleError(key)
    return sight.see(("ctx", key), variables[key])


def result(context):
    sight = context[SIGHT]
    return sight.task and sight.see("result", sight.scope.result)


def item(context, key=None):
    sight = context[SIGHT]
    if sight.item is None:
        raise KeyError("__current_item")
    current = sight.see("item", sight.item[0])
    if not key:
        return current
    if not isinstance(current, collections.abc.Mapping):
        raise ExpressionEvaluationException("Item is not type of collections.abc.Mapping.")
    if key not in current:
        raise ExpressionEvaluationException('Item does not have key "%s".' % key)
    return current[key]


def task(context, task_id=None, route=None):
    sight = context[SIGHT]
    name = sight.task["id"] if task_id is None else task_id
    found = sight.scope.ask({"ask": "task", "task": name, "route": route})
    if found is None or "result" not in found:
        raise ExpressionEvaluationException('Unable to find task execution for "%s".' % name)
    return sight.see(("task", name, route), found)


def task_status(context, task_id, route=None):
    found = context[SIGHT].scope.ask({"ask": "task", "task": task_id, "route": route})
    return "null" if found is None else found["state"]


def succeeded(context):
    return context[SIGHT].task["status"] == "succeeded"


def failed(context):
    return context[SIGHT].task["status"] == "failed"


def completed(context):
    return context[SIGHT].task["status"] in COMPLETED


def st2kv(context, key, **options):
    """`system.x` is everybody's key; `user.x` and `x` are the user's own."""
    if not isinstance(key, str):
        raise TypeError("Given key is not typeof string.")
    decrypt = options.get("decrypt", False)
    if not isinstance(decrypt, bool):
        raise TypeError("Decrypt parameter is not typeof bool.")
    ask = context[SIGHT].scope.ask
    scope, _, name = key.partition(".")
    if scope not in ("system", "user") or not name:
        scope, name = "user", key
    value = ask({"ask": "read", "scope": scope, "key": name})
    if value is None:
        if "default" not in options:
            raise ExpressionEvaluationException('The key "%s" does not exist in the datastore.' % key)
        return options["default"]
    return ask({"ask": "decrypt", "encrypted": value}) if decrypt else value


def json_(value):
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise TypeError("Given object is not typeof string.")
    return json.loads(value)


def zip_(*lists, **options):
    lists = [[] if one is None else one for one in lists]
    if len(lists) == 1:
        return lists[0]
    return list(itertools.zip_longest(*lists, fillvalue=options.get("pad")))


READERS = {
    "completed": completed,
    "ctx": ctx,
    "failed": failed,
    "item": item,
    "result": result,
    "st2kv": st2kv,
    "succeeded": succeeded,
    "task": task,
    "task_status": task_status,
}
"""Functions of a context."""

PLAIN_FUNCTIONS = {
    **{name: function for name, function in FILTERS.items() if name not in ("decrypt_kv", "to_complex")},
    "json": json_,
    "json_dump": to_json_string,
    "json_parse": from_json_string,
    "yaml_dump": to_yaml_string,
    "yaml_parse": from_yaml_string,
    "zip": zip_,
}
