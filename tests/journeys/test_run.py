"""`make run` stands up, and Ctrl-C leaves nothing behind."""

import signal
import socket
from pathlib import Path

import pytest

from bin import town
from project import scratch


def listeners(environment):
    names = ("SIMULATOR_SMS_PORT", "SIMULATOR_SMTP_PORT", "SIMULATOR_GRAPH_PORT")
    ports = [int(environment["PUBLIC_URL"].rsplit(":", 1)[1]), *(int(environment[name]) for name in names)]
    return [port for port in ports if answers(port)]


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def processes_of(folder):
    """Every process whose environment names the scratch folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if folder.encode() in entry.read_bytes():
                found.append((entry.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:80])
        except OSError:
            continue
    return found


@pytest.mark.long
def test_ctrl_c_ends_all_of_it_and_a_second_start_finds_what_the_first_made():
    with scratch.world("ma") as environment:
        first = town.Town(environment)
        officers = first.codes().keys()
        assert len(listeners(environment)) == 4
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(90) == 0  # a worker ends the file it holds first
        first.end()
        assert listeners(environment) == []
        assert processes_of(environment["VAR_DIR"]) == []
        second = town.Town(environment)
        assert second.codes().keys() == officers
        second.end()


@pytest.mark.long
def test_a_port_in_use_is_named_with_the_way_out():
    with scratch.world("ma") as environment, socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["SIMULATOR_SMS_PORT"])))
        taken.listen()
        second = town.Town(environment)
        assert second.process.wait(60) != 0
        second.end()
        said = "".join(second.lines)
        assert environment["SIMULATOR_SMS_PORT"] in said
        assert "docs/settings.md" in said
