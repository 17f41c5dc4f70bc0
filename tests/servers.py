"""Private servers for tests and benches: on a free port, in a folder of their own, gone with the block.

A server the environment names (DATABASE_URL, REDIS_URL) is taken as it is and left running.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis as redis_client

from bin import need

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 20.0
POLL_S = 0.02


@dataclass(frozen=True)
class Running:
    """A program of program()'s: its process, and the file both its outputs go to."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """All it has printed so far."""
        return self.log.read_text(errors="replace")


class ServerError(Exception):
    """A server ended, or was not ready in time; the text holds the end of its log."""


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server: DATABASE_URL, else that of a private one."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    with private_postgresql() as url:
        yield url


@contextmanager
def private_postgresql() -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL server of its own (1-2 s)."""
    need.require("postgresql")
    user = _postgresql_user()
    with _folder(user) as folder:
        cluster = folder / "cluster"
        _run_as(user, _initdb(cluster), folder)
        port = free_port()
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with _server(_postgres(cluster, port), lambda: _answers_sql(url), folder, user, signal.SIGINT):
            yield url


@contextmanager
def redis() -> Iterator[str]:
    """Yield the URL of a Redis server: REDIS_URL where given, else a private one that keeps nothing."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    need.require("redis")
    with _folder(None) as folder:
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"
        line = [
            _command("redis-server"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        with _server(line, lambda: _answers_ping(url), folder, None, signal.SIGTERM):
            yield url


@contextmanager
def program(
    line: list[str], is_ready: Callable[[], bool], *, stdin: int = subprocess.DEVNULL
) -> Iterator[Running]:
    """Run a program in a folder of its own until the block ends; it is killed, what it holds is nobody's."""
    with _folder(None) as folder:
        started: list[subprocess.Popen[bytes]] = []
        with _server(line, is_ready, folder, None, signal.SIGKILL, stdin=stdin, started=started):
            yield Running(started[0], folder / "server.log")


def until(happened: Callable[[], bool], what: str, timeout_s: float = START_TIMEOUT_S) -> None:
    """Wait for something another process does. Raise ServerError when it does not."""
    give_up_at, waiting = time.monotonic() + timeout_s, threading.Event()
    while not happened():
        if time.monotonic() > give_up_at:
            raise ServerError(f"{what} did not happen in {timeout_s:g} s")
        waiting.wait(POLL_S)


def listens(port: int) -> bool:
    """Say whether somebody takes connections on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(name: str) -> str:
    found = need.find(name)
    if found is None:
        raise ServerError(f"{name} is not to be found")
    return str(found)


def _postgresql_user() -> str | None:
    """Return whom PostgreSQL runs as: it refuses root, so Debian's own user then."""
    return "postgres" if os.geteuid() == 0 else None


def _initdb(cluster: Path) -> list[str]:
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    return [_command("initdb"), *options, f"--pgdata={cluster}"]


def _postgres(cluster: Path, port: int) -> list[str]:
    # A test's data may die with the power: not waiting for the disk halves the time.
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off"]
    options = [option for setting in settings for option in ("-c", setting)]
    return [_command("postgres"), "-D", str(cluster), "-p", str(port), *options]


def _answers_sql(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _answers_ping(url: str) -> bool:
    client = redis_client.Redis.from_url(url)
    try:
        return bool(client.ping())
    except redis_client.ConnectionError:
        return False
    finally:
        client.close()


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="najda-server-"))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _identity(user: str | None) -> tuple[str | None, int | None, list[int] | None]:
    """Return Popen's user, group and extra groups for running as `user`; as ourselves where None."""
    return (user, pwd.getpwnam(user).pw_gid, []) if user else (None, None, None)


def _run_as(user: str | None, line: list[str], folder: Path) -> None:
    name, group, extra = _identity(user)
    done = subprocess.run(
        line,
        user=name,
        group=group,
        extra_groups=extra,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"{line[0]} failed: {done.stderr[-2000:]}")


def _die_with_parent() -> None:
    """Have the kernel end this child when the test run is killed and no `finally` gets its turn (Linux)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a shell's & left it ignored, which exec hands on
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


@contextmanager
def _server(
    line: list[str],
    is_ready: Callable[[], bool],
    folder: Path,
    user: str | None,
    stop: signal.Signals,
    *,
    stdin: int = subprocess.DEVNULL,
    started: list[subprocess.Popen[bytes]] | None = None,
) -> Iterator[None]:
    name, group, extra = _identity(user)
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            line, user=name, group=group, extra_groups=extra, cwd=folder, stdin=stdin,
            stdout=output, stderr=output, preexec_fn=_die_with_parent, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until(is_ready, process, log)
        if started is not None:
            started.append(process)
        yield
    finally:
        _stop(process, stop)
        if process.stdin is not None:
            process.stdin.close()


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while not is_ready():
        ended = _ended_within(process, POLL_S)
        if ended or time.monotonic() > give_up_at:
            why = "ended" if ended else "was not ready in time"
            raise ServerError(f"{process.args!r} {why}: {log.read_text(errors='replace')[-2000:]}")


def _ended_within(process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    process.send_signal(stop)
    if not _ended_within(process, STOP_TIMEOUT_S):
        process.kill()
        process.wait()
