"""Servers and programs for whoever asks: started once a run, private, stopped with it.

Tests run on SQLite; `make test` runs those marked postgresql a second time with DATABASE_URL set.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from bin import need, town
from tests import servers
from tests.trust import flush

flush.install()  # the log refuses to be emptied: its triggers are lifted around the runner's flush


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what is marked long_on_postgresql run on SQLite in every run, on PostgreSQL in the long one.

    Of a test marked few(n) the first n of its cases run in every run, the others in the long one.
    """
    cases: Counter[str] = Counter()
    for item in items:
        few = item.get_closest_marker("few")
        if few:
            case = item.nodeid.partition("[")[0]
            cases[case] += 1
            if cases[case] > few.args[0]:
                item.add_marker("long")
        if item.get_closest_marker("long_on_postgresql"):
            item.add_marker("postgresql")
            if connection.vendor == "postgresql":
                item.add_marker("long")


def pytest_unconfigure() -> None:
    """Remove the scratch folder that tests.settings made; one the environment named stays."""
    if settings.configured and settings.VAR_DIR.name.startswith("najda-tests-"):
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of the PostgreSQL server DATABASE_URL names, else of a private one, whatever Django runs on."""
    yield from _started(servers.postgresql)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis server that keeps nothing."""
    yield from _started(servers.redis)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's executable; the flags it wants are need.CHROMIUM_FLAGS."""
    return _program("chromium")


@pytest.fixture(scope="module")
def standing() -> Iterator[town.Town]:
    """A town of our own: web, worker, beat and simulators on a database of their own."""
    with town.standing("ma") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for every page of one file."""
    with town.chromium() as found:
        yield found


@pytest.fixture(scope="session")
def xmlsec1() -> Path:
    """The executable of a foreign reader of XML signatures."""
    return _program("xmlsec1")


def _started(server: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    try:
        with server() as url:
            yield url
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=1)


def _program(name: str) -> Path:
    try:
        need.require(name)
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=1)
    found = need.find(name)
    assert found is not None
    return found
