"""Tests by pytest, for a pack that requires it."""

from __future__ import annotations

TYPE_CHECKING = False  # As `typing` has it; the wrappers do without it.
if TYPE_CHECKING:
    from typing import Any


def run_pytest(pack: str, only: list[str]) -> dict[str, Any]:
    try:
        import pytest
    except ImportError as error:  # It was found a moment ago.
        raise RuntimeError("pytest is broken in this virtualenv") from error
    tally = _Tally()
    chosen = ["-k", " or ".join(only)] if only else []
    code = pytest.main(["tests", "--rootdir", pack, "-p", "no:cacheprovider", *chosen], plugins=[tally])
    counts = tally.counts()
    # 2 to 4: it could not even begin, and has said why.
    if code in (2, 3, 4) and not counts["failed"] and not counts["broken"]:
        counts["broken"] = 1
    return {"runner": "pytest", **counts}


class _Tally:
    """A plugin of pytest that counts."""

    def __init__(self) -> None:
        self._passed = self._failed = self._broken = self._skipped = 0
        self._failures: list[dict[str, str]] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.skipped:
            self._skipped += 1
        elif report.failed:
            self._failed += report.when == "call"
            self._broken += report.when != "call"
            self._failures.append({"test": report.nodeid, "text": str(report.longrepr)})
        elif report.when == "call":
            self._passed += 1

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._broken += 1
            self._failures.append({"test": report.nodeid, "text": str(report.longrepr)})

    def counts(self) -> dict[str, Any]:
        return {
            "passed": self._passed,
            "failed": self._failed,
            "broken": self._broken,
            "skipped": self._skipped,
            "failures": self._failures,
        }
