"""Tests by the standard library's own runner."""

from __future__ import annotations

import inspect
import unittest

from .test_files import import_test_file

TYPE_CHECKING = False  # As `typing` has it; the wrappers do without it.
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def run_unittest(files: list[str], only: list[str]) -> dict[str, Any]:
    suite = unittest.TestSuite()
    for file in files:
        suite.addTests(test for test in _tests_of(file) if not only or any(part in test.id() for part in only))
    result = unittest.TextTestRunner(verbosity=2, resultclass=_Tally).run(suite)
    return {"runner": "unittest", **result.counts()}


class _Tally(unittest.TextTestResult):
    """Counts what passed as well."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.passed = 0

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1

    def counts(self) -> dict[str, Any]:
        unexpected = [(test, "passed, and was expected to fail") for test in self.unexpectedSuccesses]
        wrong = [*self.failures, *self.errors, *unexpected]
        return {
            "passed": self.passed + len(self.expectedFailures),
            "failed": len(self.failures) + len(unexpected),
            "broken": len(self.errors),
            "skipped": len(self.skipped),
            "failures": [{"test": _name_of(test), "text": text} for test, text in wrong],
        }


def _name_of(test: Any) -> str:
    # What failed may also be a class' or a module's set-up, which has no more than a text.
    return test.id() if hasattr(test, "id") else str(test)


def _tests_of(file: str) -> list[unittest.TestCase]:
    try:
        module = import_test_file(file)
    except (Exception, SystemExit) as error:  # Whatever a module raises while it is imported is one test that fails.
        return [_Unimportable(file, error)]
    loaded = [test for case in _own_cases(module) for test in unittest.defaultTestLoader.loadTestsFromTestCase(case)]
    functions = [
        unittest.FunctionTestCase(value, description=f"{module.__name__}.{name}")
        for name, value in vars(module).items()
        if name.startswith("test_") and inspect.isfunction(value) and value.__module__ == module.__name__
        if not inspect.signature(value).parameters
    ]
    return [*loaded, *functions]


def _own_cases(module: ModuleType) -> list[type[unittest.TestCase]]:
    """nose's rule: what is imported from elsewhere is run there, and `__test__ = False` marks what others extend."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, unittest.TestCase)
        and value.__module__ == module.__name__
        and getattr(value, "__test__", True)
    ]


class _Unimportable(unittest.FunctionTestCase):
    def __init__(self, file: str, error: BaseException) -> None:
        self._file = file
        super().__init__(self._fail)
        self._error = error

    def _fail(self) -> None:
        raise self._error

    def id(self) -> str:
        return self._file

    def __str__(self) -> str:
        return f"import of {self._file}"
