"""Jinja as StackStorm sets it up: sandboxed, with its filters. jinja2 comes from the pack or from the base environment."""

import importlib
import json
import os
import sys

__all__ = ["convert_jinja_to_raw_block", "get_filters", "get_jinja_environment", "is_jinja_expression", "render_values"]

_APP_FOLDER = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3))


def get_filters():
    """The same that templates in rules have."""
    sys.path.insert(0, _APP_FOLDER)
    try:
        return dict(importlib.import_module("expressions_filters").FILTERS)
    finally:
        sys.path.remove(_APP_FOLDER)


def get_jinja_environment(allow_undefined=False, trim_blocks=True, lstrip_blocks=True):
    try:
        import jinja2
        import jinja2.sandbox
    except ImportError as error:
        raise RuntimeError("templates need jinja2 in the virtualenv or in the base environment") from error

    environment = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.Undefined if allow_undefined else jinja2.StrictUndefined,
        trim_blocks=trim_blocks,
        lstrip_blocks=lstrip_blocks,
    )
    environment.filters.update(get_filters())
    environment.tests["in"] = lambda item, container: item in container
    return environment


def render_values(mapping=None, context=None, allow_undefined=False):
    """A copy of the mapping, its values rendered. Lists and maps are rendered as JSON; what is no template stays as it is."""
    if not context or not mapping:
        return mapping
    environment = get_jinja_environment(allow_undefined=allow_undefined)
    names = {"__context": context, **context}
    return {key: _render_value(environment, key, value, names) for key, value in mapping.items()}


def is_jinja_expression(value):
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def convert_jinja_to_raw_block(value):
    """Templates in it are kept from being rendered."""
    if isinstance(value, dict):
        return {key: convert_jinja_to_raw_block(item) for key, item in value.items()}
    if isinstance(value, list):
        return [convert_jinja_to_raw_block(item) for item in value]
    return "{% raw %}" + value + "{% endraw %}" if is_jinja_expression(value) else value


def _render_value(environment, key, value, names):
    is_container = isinstance(value, (dict, list))
    text = json.dumps(value) if is_container else str(value)
    try:
        rendered = environment.from_string(text).render(names)
    except Exception as error:
        # Whoever catches it is told which value it was.
        error.key = key
        error.value = text
        raise
    if rendered == text:
        return value
    return json.loads(rendered) if is_container else rendered
