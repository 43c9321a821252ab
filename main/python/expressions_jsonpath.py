"""The JSONPath of jsonpath-rw, for `jsonpath_query`: `$ .name ."quoted" ['quoted'] [0] [1:3] * [*] .. , |`."""
import re

TOKEN = re.compile(
    r"""[ \t]*(?:
        (?P<name>[a-zA-Z_@][a-zA-Z0-9_@\-]*)
      | (?P<number>-?\d+)
      | (?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<sign>\.\.|[.\[\]$*,:|])
    )[ \t]*""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
END = ("end", "")


def find_all(query, value):
    """Every match, in document order."""
    found = [value]
    for step in Parser(query).path():
        found = [match for item in found for match in step(item)]
    return found


class Parser:
    def __init__(self, query):
        self.query = query
        self.tokens = tokenize(query)

    def path(self):
        steps = [self.union()]
        while self.tokens[0] != END:
            if self.skip(".."):
                steps.append(descendants)
            elif self.tokens[0] != ("sign", "["):
                self.expect(".")
            steps.append(self.union())
        return steps

    def union(self):
        """`|` binds closer than `.`: `a.b|c` is `a.b` and `a.c`."""
        alternatives = [self.step()]
        while self.skip("|"):
            alternatives.append(self.step())
        return lambda value: [match for step in alternatives for match in step(value)]

    def step(self):
        if self.skip("$"):
            return lambda value: [value]
        if self.skip("*"):
            return every_field
        if self.skip("["):
            step = self.brackets()
            self.expect("]")
            return step
        return fields(self.names())

    def brackets(self):
        if self.skip("*"):
            return every_item
        kind, text = self.tokens[0]
        if kind != "number" and text != ":":
            return fields(self.names())
        start = self.number()
        if not self.skip(":"):
            return index(start)
        return items(start, self.number())

    def names(self):
        names = [self.name()]
        while self.skip(","):
            names.append(self.name())
        return names

    def name(self):
        kind, text = self.tokens[0]
        if kind not in ("name", "quoted"):
            self.refuse()
        self.tokens.pop(0)
        return text if kind == "name" else re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)

    def number(self):
        return int(self.tokens.pop(0)[1]) if self.tokens[0][0] == "number" else None

    def skip(self, sign):
        if self.tokens[0] != ("sign", sign):
            return False
        self.tokens.pop(0)
        return True

    def expect(self, sign):
        if not self.skip(sign):
            self.refuse()

    def refuse(self):
        kind, text = self.tokens[0]
        raise ValueError("the JSONPath %r cannot be read at %r" % (self.query, text or kind))


def tokenize(query):
    tokens = []
    position = 0
    while position < len(query):
        match = TOKEN.match(query, position)
        if match is None:
            raise ValueError("the JSONPath %r cannot be read at %r" % (query, query[position:]))
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return [*tokens, END]


def fields(names):
    def step(value):
        return [value[name] for name in names if isinstance(value, dict) and name in value]

    return step


def every_field(value):
    return list(value.values()) if isinstance(value, dict) else []


def every_item(value):
    return items(None, None)(value)


def items(start, stop):
    """What is no list is taken as a list of itself."""

    def step(value):
        sequence = [value] if isinstance(value, (dict, int, str)) else value
        return list(sequence[start:stop])

    return step


def index(position):
    def step(value):
        return [value[position]] if value and len(value) > position else []

    return step


def descendants(value):
    """The value itself, then everything below it, depth first."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(deeper for item in below for deeper in descendants(item))]
