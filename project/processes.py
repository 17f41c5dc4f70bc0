"""One process group: web, worker with beat, simulators. What starts together ends together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from project import scratch

PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends a child whose parent died
BIN = Path(sys.executable).parent
READY_TIMEOUT_S = 60.0
POLITE_S = 10.0  # Celery's warm stop takes 6-8 s
SCRATCH_POLITE_S = (
    1.0  # a scratch world has nothing to lose: time for the simulators to write their last lines
)


class WorldError(RuntimeError):
    """A process ended by itself, a port is taken, or nothing answered in time."""


@dataclass(frozen=True)
class Member:
    """A process of the group and the ports it must answer on."""

    name: str
    command: tuple[str, ...]
    ports: tuple[int, ...]


def members(*, simulated: Path, workers: int = 4) -> list[Member]:
    """Return the three processes of one machine; simulators write what they accept below `simulated`."""
    ports = settings.SIMULATOR_PORTS
    manage = str(settings.BASE_DIR / "manage.py")
    return [
        Member(
            "simulators",
            (
                sys.executable,
                manage,
                "simulate",
                "--out",
                str(simulated),
                "--rates",
                settings.SIMULATED_RATES,
            ),
            tuple(ports.values()),
        ),
        Member("web", web_command(web_port()), (web_port(),)),
        Member("worker", worker_command(workers), ()),
    ]


def web_port() -> int:
    return urlsplit(settings.PUBLIC_URL).port or 8000


def web_command(port: int) -> tuple[str, ...]:
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1")
    quiet = ("--blocking-threads", "4", "--log-level", "warning", "--no-ws", "--respawn-failed-workers")
    return (str(BIN / "granian"), *options, *quiet, "project.wsgi:application")


def worker_command(count: int) -> tuple[str, ...]:
    options = ("--beat", "--concurrency", str(count), "--loglevel", "WARNING", "--pidfile=")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return (str(BIN / "celery"), "--app", "project", "--quiet", "worker", *options, *quiet)


@contextmanager
def running(group: Sequence[Member], logs: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the group, yield it once every port answers, and end all of it on the way out.

    Raises WorldError with the end of a log when a member dies before it is ready.
    """
    for port in (port for member in group for port in member.ports):
        refuse_taken(port)
    logs.mkdir(parents=True, exist_ok=True)
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for member in group:
            started[member.name] = _start(member, logs / f"{member.name}.log")
        for member in group:
            _wait_ready(member, started[member.name], logs / f"{member.name}.log")
        yield started
    finally:
        stop(list(started.values()))


def refuse_taken(port: int) -> None:
    """Raise WorldError when somebody already listens on the port."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise WorldError(
                f"Port {port} is in use. Stop what runs there, or choose other ports: "
                "PUBLIC_URL=http://127.0.0.1:8100 SIMULATOR_SMS_PORT=… (docs/settings.md)."
            )


def refuse_dead(group: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    """Raise WorldError with the end of its log when a member of the group has ended."""
    for name, process in group.items():
        if process.poll() is not None:
            raise WorldError(f"{name} ended:\n{_tail(logs / f'{name}.log')}")


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End processes politely together, then by force; returns when none is left."""
    for process in processes:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + (SCRATCH_POLITE_S if os.environ.get(scratch.MARK) else POLITE_S)
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(process, signal.SIGKILL)
            process.wait()
        _signal(process, signal.SIGKILL)  # what the leader left of its own session


def wait_until(ready: Callable[[], bool], timeout_s: float, what: str) -> None:
    """Return as soon as ready() holds; raise WorldError naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    pause = 0.02
    while not ready():
        if time.monotonic() > deadline:
            raise WorldError(f"Waited {timeout_s:.0f} s for {what}.")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)


def _start(member: Member, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603  our own command lines
            member.command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=settings.BASE_DIR,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_ready(member: Member, process: subprocess.Popen[bytes], log: Path) -> None:
    def ready() -> bool:
        if process.poll() is not None:
            raise WorldError(f"{member.name} ended at once:\n{_tail(log)}")
        return all(_answers(port) for port in member.ports)

    wait_until(ready, READY_TIMEOUT_S, f"{member.name} to answer")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return
