"""Renders templates and evaluates the expressions of workflows for the app: JSON lines on stdin and stdout, one process, one template at a time.

Protocol, one JSON object a line, answers in the order of the requests:
  out  {"ready": true}                                                    once, when templates can be taken
  in   {"id": 1, "op": "render", "template": "...", "context": {...}}     out  {"id": 1, "text": "..."}
  in   {"id": 2, "op": "variables", "template": any}                      out  {"id": 2, "names": [...]}
  in   {"id": 3, "op": "render_leniently", …}                             out  the same; what is undefined is empty
  in   {"id": 4, "op": "match_aliases", "template": "a sentence", "context": {"formats": [{format, multiple}, …]}}
                                                                          out  {"id": 4, "fits": [{found} or {error}, …]}
  in   {"id": 5, "op": "evaluate", "steps": [step, ...], "scope": {vars, kept: {name: number}, partial, task, result}}
                                                                          out  {"id": 5, "done": [{assigned, errors, held?, value?}, ...]}
  in   {"id": 6, "op": "faults", "texts": ["...", ...]}                   out  {"id": 6, "faults": [[[language, expression, message], ...], ...]}
  in   {"keep": 7, "json": "..."}, later {"forget": 7}                    a value that scopes refer to by its number; no answer
  and for each that fails                                                 out  {"id": 2, "error": {type, message, line}}
What a step is, `expressions_workflow.py` says. While it renders it may ask, and takes the next {"answer": ...} or {"refused": "why"} as the reply:
  out  {"id": 1, "ask": "read", "scope": "system", "key": "a.b"}          in   {"answer": "text or null"}
  out  {"id": 1, "ask": "decrypt", "encrypted": "..."}                       in   {"answer": "text"}
  out  {"id": 5, "ask": "scope"}                                          in   {"answer": {vars, partial, task, result}}
  out  {"id": 5, "ask": "task", "task": "name", "route": null}            in   {"answer": {state, result, ...} or null}

The app kills this process when a template overruns its time. What is set here only bounds the harm until then, and ends
the process by itself when the app is gone. It needs Python 3.8, jinja2, PyYAML and yaql, and never touches files or the network.
"""
import argparse
import collections
import collections.abc
import contextlib
import functools
import json
import math
import re
import signal
import sys

from jinja2 import StrictUndefined, TemplateError, Undefined, meta
from jinja2.sandbox import SandboxedEnvironment

from expressions_aliases import match_aliases
from expressions_datastore import DatastoreKey, datastore_roots
from expressions_filters import FILTERS
from expressions_workflow import Workflows

TEMPLATE_FILE = "<template>"
"""The file name that jinja2 gives to what was compiled from a string."""
REQUEST_START = re.compile(rb'\{"id":(\d+),')
ORPHAN_GRACE_SECONDS = 5


class OutputTooLarge(Exception):
    pass


class Environment(SandboxedEnvironment):
    """Refuses the two operators that turn a short template into gigabytes, before they do."""

    intercepted_binops = frozenset(["*", "**"])

    def __init__(self, output_limit, undefined=StrictUndefined):
        super().__init__(undefined=undefined, trim_blocks=True, lstrip_blocks=True)
        self.output_limit = output_limit
        self.filters.update(FILTERS)
        self.tests["in"] = lambda item, container: item in container

    def call_binop(self, context, operator, left, right):
        size = repeated_size(left, right) if operator == "*" else power_size(left, right)
        if size > self.output_limit:
            raise OutputTooLarge("`%s` would make a value of more than %d characters" % (operator, self.output_limit))
        return super().call_binop(context, operator, left, right)


def repeated_size(left, right):
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, (str, list, tuple)) and isinstance(count, int):
            return len(sequence) * count
    return 0


def power_size(base, exponent):
    if isinstance(base, int) and isinstance(exponent, int):
        return base.bit_length() * exponent
    return 0


class Service:
    def __init__(self, arguments, requests, answers):
        self.requests = requests
        self.answers = answers
        self.time_limit = arguments.time_limit
        self.output_limit = arguments.output_limit
        self.environment = Environment(arguments.output_limit)
        self.compiled = functools.lru_cache(maxsize=512)(self.environment.from_string)
        self.compiled_leniently = Environment(arguments.output_limit, Undefined).from_string
        self.workflows = Workflows(Environment(arguments.output_limit))
        self.waiting = collections.deque()
        self.current = None

    def serve(self):
        self.send({"ready": True})
        while True:
            request = self.waiting.popleft() if self.waiting else self.receive()
            if "id" not in request:
                self.workflows.take(request)
                continue
            self.current = request["id"]
            with self_destruct_after(self.time_limit):
                answer = self.encoded(self.answer(request))
            self.write(answer)

    def answer(self, request):
        try:
            if "unreadable" in request:
                raise request["unreadable"]
            if request["op"] == "variables":
                return {"names": self.variables(request["template"])}
            if request["op"] == "match_aliases":
                return {"fits": match_aliases(request["template"], request["context"]["formats"])}
            if request["op"] == "evaluate":
                return {"done": self.workflows.evaluate(request["steps"], request["scope"], self.ask)}
            if request["op"] == "faults":
                return {"faults": [self.workflows.faults(text) for text in request["texts"]]}
            compiled = self.compiled_leniently if request["op"] == "render_leniently" else self.compiled
            return {"text": self.render(compiled(request["template"]), request["context"])}
        except Exception as error:  # Whatever a template raises belongs to that template alone.
            return {"error": describe(error)}

    def variables(self, template):
        return sorted(meta.find_undeclared_variables(self.environment.parse(template)))

    def render(self, template, context):
        pieces = []
        size = 0
        for piece in template.generate({**datastore_roots(self.ask), **context}):
            size += len(piece)
            if size > self.output_limit:
                raise OutputTooLarge("the text is longer than %d characters" % self.output_limit)
            pieces.append(piece)
        return "".join(pieces)

    def ask(self, question):
        """One round trip to the app in the middle of a template; requests that arrive meanwhile wait their turn."""
        self.send({"id": self.current, **question})
        while True:
            message = self.receive()
            if "answer" in message:
                return message["answer"]
            if "refused" in message:
                raise ValueError(message["refused"])
            self.waiting.append(message)

    def receive(self):
        line = self.requests.readline()
        if not line:
            raise SystemExit(0)
        try:
            return json.loads(line)
        except (RecursionError, MemoryError) as error:  # A context that is too deep or too large; its id comes first.
            return {"id": int(REQUEST_START.match(line).group(1)), "unreadable": error}

    def encoded(self, answer):
        try:
            if "done" not in answer:
                return encode({"id": self.current, **answer}) + b"\n"
            return b'{"id": %d, "done": [%s]}\n' % (self.current, b",".join(map(encode_step, answer["done"])))
        except Exception as error:
            return encode({"id": self.current, "error": describe(error)}) + b"\n"

    def send(self, message):
        self.write(encode(message) + b"\n")

    def write(self, line):
        self.answers.write(line)
        self.answers.flush()


def encode(message):
    return json.dumps(message, default=encodable, allow_nan=False).encode("ascii")


def encode_step(done):
    """Within a list there may be anything, such as what Jinja gives for a missing key. It is that step's error."""
    try:
        return encode(done)
    except Exception as error:
        fault = {"type": type(error).__name__, "message": str(error)}
        return encode({"assigned": [], "errors": [*done["errors"], fault]})


def encodable(value):
    """YAQL gives sets, and both languages may give a date."""
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, collections.abc.Mapping):
        return dict(value)
    return str(value)


def describe(error):
    line = error.lineno if getattr(error, "lineno", None) else template_line(error.__traceback__)
    message = error.message if isinstance(error, TemplateError) and error.message else str(error)
    if isinstance(error, MemoryError):
        message = "it needs more memory than a template may have"
    return {"type": type(error).__name__, "message": message, "line": line}


def template_line(traceback):
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == TEMPLATE_FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


@contextlib.contextmanager
def self_destruct_after(seconds):
    """Nobody kills a template that loops after the app itself died; the alarm's default action does."""
    set_alarm(math.ceil(seconds) + ORPHAN_GRACE_SECONDS)
    try:
        yield
    finally:
        set_alarm(0)


def set_alarm(seconds):
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def limit_memory(megabytes):
    """Linux alone holds to an address space limit; elsewhere the time limit has to do."""
    if sys.platform == "linux":
        import resource

        size = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--time-limit", type=float, default=2, help="seconds that one template may take")
    parser.add_argument("--memory-limit", type=int, default=512, help="megabytes of address space (Linux)")
    parser.add_argument("--output-limit", type=int, default=1024 * 1024, help="characters that one template may give")
    return parser.parse_args()


if __name__ == "__main__":
    options = parse_arguments()
    limit_memory(options.memory_limit)
    Service(options, sys.stdin.buffer, sys.stdout.buffer).serve()
