"""Lift the log's triggers around the test runner's flush, and only there."""

from typing import Any

from django.test import TransactionTestCase

from trust import triggers

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook, untyped


def _flush_with_triggers_lifted(case: Any) -> None:
    with triggers.lifted():
        _flush(case)


def install() -> None:
    """Call it once, from tests/conftest.py."""
    TransactionTestCase._fixture_teardown = _flush_with_triggers_lifted  # type: ignore[attr-defined]  # as above
