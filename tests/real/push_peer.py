"""npm's web-push-testing: a push service that decrypts, written by others, on a port of its own."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from bin import need
from tests.servers import ServerError, free_port

PACKAGE = "web-push-testing@1.2.2"
KEPT = Path(__file__).resolve().parents[2] / "var" / "real" / "push"  # installed once a working copy
START_S = 20.0
_SCRIPT = """
const {PushApiModel} = require('web-push-testing/src/PushApiModel');
const WebPushTestingServer = require('web-push-testing/src/server');
new WebPushTestingServer(new PushApiModel(), Number(process.argv[1])).startServer();
"""


class Peer:
    """Speaks to one running peer."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **fields: str) -> dict[str, dict[str, object]]:
        """POST JSON, read JSON."""
        headers = {"Content-Type": "application/json"}
        asked = Request(self.url + path, json.dumps(fields).encode(), headers)
        with urlopen(asked, timeout=5) as answer:
            said = answer.read()
        return json.loads(said) if said.startswith(b"{") else {}


@contextmanager
def push_peer(folder: Path = KEPT) -> Iterator[Peer]:
    """Install the peer into `folder` (npm, once) and run it. Exits 1 with the line to type without node."""
    need.require("node", "npm")
    _install(folder)
    port = free_port()
    process = subprocess.Popen(
        [str(need.find("node")), "-e", _SCRIPT, str(port)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        peer = Peer(port)
        _wait(peer, process)
        yield peer
    finally:
        process.kill()
        process.wait()


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "node_modules" / PACKAGE.partition("@")[0] / "package.json").is_file():
        return
    line = [str(need.find("npm")), "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise ServerError(f"npm could not install {PACKAGE}: {done.stderr[-1000:]}")


def _wait(peer: Peer, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + START_S
    while time.monotonic() < give_up_at:
        try:
            peer.ask("/status")
        except HTTPError:
            return
        except URLError:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise ServerError("web-push-testing ended") from None
        else:
            return
    raise ServerError("web-push-testing was not ready in time")
