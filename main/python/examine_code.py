"""Reads Python files for `stormlet pack check`, without running any of them. Any interpreter from 3.8 on does.

Gets `{"files": [PATH, …], "names": [MODULE, …]}` as JSON on stdin and prints `{PATH: FACTS, …}`, where FACTS are
`{"error": {"message", "line"}}` for what does not compile, else

    names      what is defined at the top level of the module
    complete   false when a star import may have brought more
    classes    {"name", "runs": whether it has, or may inherit, a method `run`, "line"} of each class of the module itself
    imports    {"name", "parts", "line"} of each import from one of the given top-level modules
"""

import ast
import json
import sys
import warnings


def main():
    asked = json.load(sys.stdin)
    json.dump({file: examine(file, asked["names"]) for file in asked["files"]}, sys.stdout)


def examine(file, wanted):
    try:
        with open(file, "rb") as source:
            text = source.read()
        # What a compiler warns of is no error, and would be said by the pack's own runs.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, file)
            # Finds what only a compiler refuses, such as a `return` outside of a function.
            compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        return {"error": {"message": f"{type(error).__name__}: {error.msg}", "line": error.lineno or 1}}
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return {"error": {"message": str(error) or type(error).__name__, "line": 1}}
    statements = list(top_level(tree.body))
    names = [name for statement in statements for name in bound(statement)]
    classes = {statement.name: statement for statement in statements if isinstance(statement, ast.ClassDef)}
    return {
        "names": [name for name in names if name != "*"],
        "complete": "*" not in names,
        "classes": [
            {"name": name, "runs": may_run(node, classes, ()), "line": node.lineno} for name, node in classes.items()
        ],
        "imports": [found for node in needed(tree) for found in imports(node) if begins(found["name"], wanted)],
    }


def top_level(body):
    """The statements that run when the module is imported, those in an `if`, a `try` or a `with` among them."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from top_level(getattr(statement, part, []))
        for handler in getattr(statement, "handlers", []):
            yield from top_level(handler.body)


def bound(statement):
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []


def may_run(node, classes, seen):
    """A base class of another module may bring `run`, except those of which it is known that they do not."""
    if "run" in [name for statement in node.body for name in bound(statement)] or node.decorator_list or node.keywords:
        return True
    for base in node.bases:
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None)
        if name in classes and name not in seen:
            if may_run(classes[name], classes, (*seen, node.name)):
                return True
        elif name not in ("Action", "object", *classes):
            return True
    return False


def needed(tree):
    """All nodes but those that the module can do without: they are in a `try` that expects an ImportError."""
    tries = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    expecting = [node for node in tries if any("ImportError" in ast.dump(handler) for handler in node.handlers)]
    optional = {inner for node in expecting for inner in ast.walk(node)}
    return [node for node in ast.walk(tree) if node not in optional]


def imports(node):
    if isinstance(node, ast.Import):
        return [{"name": alias.name, "parts": [], "line": node.lineno} for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        # `from a.b import c` may mean the module `a.b.c`; who knows the modules decides.
        return [{"name": node.module, "parts": [alias.name for alias in node.names], "line": node.lineno}]
    return []


def begins(module, wanted):
    return module.split(".")[0] in wanted


if __name__ == "__main__":
    main()
