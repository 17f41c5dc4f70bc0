"""A bench that needs a database: each of the two in a process and a scratch world of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from bin import need
from project import scratch
from tests import servers

DATABASES = ("sqlite", "postgresql")


def choose(parser: argparse.ArgumentParser) -> None:
    """Let whoever runs the bench choose one database; --here marks the process that holds Django."""
    parser.add_argument("--database", choices=DATABASES, help="one of the two; both without it")
    parser.add_argument("--here", help=argparse.SUPPRESS)


def each(bench: str, chosen: argparse.Namespace, options: Sequence[str]) -> int:
    """Run the bench for the chosen database, or both, one after the other; return 1 where one failed."""
    wanted = [one for one in DATABASES if chosen.database in (None, one)]
    if "postgresql" in wanted:
        need.require("postgresql")
    told = [*options, *(["--json"] if chosen.json else [])]
    failed = [one for one in wanted if _elsewhere(bench, one, told)]
    return 1 if failed else 0


def _elsewhere(bench: str, database: str, options: Sequence[str]) -> int:
    """Run one database's part; return its exit code."""
    line = [sys.executable, "-m", f"bench.{bench}", "--here", database, *options]
    given = os.environ.pop("DATABASE_URL", None)
    try:
        with ExitStack() as stack:
            if database == "postgresql":
                os.environ["DATABASE_URL"] = stack.enter_context(servers.private_postgresql())
            environment = stack.enter_context(scratch.world("ma"))
            environment |= {"DJANGO_SETTINGS_MODULE": "project.settings"}
            return subprocess.run(line, env=environment, check=False).returncode
    finally:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"DATABASE_URL": given} if given else {}
