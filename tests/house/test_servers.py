import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from bin import need
from bin.lint import ROOT
from tests import servers

GONE_WITHIN_S = 10.0
BEHIND_AMPERSAND = ["sh", "-c", 'trap "" QUIT; exec "$@"', "sh"]
REDIS_UNTIL_KILLED = """
import sys
from tests import servers
with servers.redis() as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def ping_until_it_ends(client: redis.Redis) -> None:
    """Raise the connection's error; the kernel needs a moment to tell the server, and no more than that."""
    give_up_at = time.monotonic() + GONE_WITHIN_S
    while time.monotonic() < give_up_at:
        client.ping()


def answers_sql(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_private_postgresql_answers_and_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with servers.postgresql() as url:
        assert answers_sql(url)
    assert not answers_sql(url)


def test_postgresql_stops_when_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ZeroDivisionError), servers.postgresql() as url:
        raise ZeroDivisionError
    assert not answers_sql(url)


def test_private_redis_answers_and_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    with servers.redis() as url, redis.Redis.from_url(url) as client:
        assert client.set("key", "value")
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


def test_a_server_the_environment_names_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example/najda")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/3")
    with servers.postgresql() as database, servers.redis() as cache:
        assert (database, cache) == ("postgresql://somebody@db.example/najda", "redis://cache.example/3")


def test_sqlite_in_the_environment_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.sqlite3")
    with servers.postgresql() as url:
        assert urlsplit(url).hostname == "127.0.0.1"


@pytest.mark.parametrize(
    "shell", [[], ["sh", "-c", 'trap "" QUIT; exec "$@"', "sh"]], ids=["plain", "behind &"]
)
def test_a_killed_run_leaves_no_server_behind(tmp_path: Path, shell: list[str]) -> None:
    """A shell without a terminal has what it starts with & ignore SIGQUIT, and children inherit that."""
    line = [*shell, sys.executable, "-c", REDIS_UNTIL_KILLED]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "REDIS_URL": ""}
    with subprocess.Popen(
        line, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        run.send_signal(signal.SIGKILL)
    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        ping_until_it_ends(client)


def test_a_missing_program_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(need.PROGRAMS, "nonesuch", need.Program("nonesuch-15", ("nonesuch-command",)))
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)  # a machine with no apt-get either
    with pytest.raises(SystemExit) as refusal:
        need.require("nonesuch")
    assert "nonesuch is missing. Install it: " in str(refusal.value)
    assert "apt-get install -y --no-install-recommends nonesuch-15" in str(refusal.value)


def test_a_program_that_is_there_is_asked_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(need, "_install", pytest.fail)
    monkeypatch.setitem(need.PROGRAMS, "shell", need.Program("dash", ("sh",)))
    need.require("shell")
