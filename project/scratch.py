"""A scratch world: database, keys, files, broker and ports of its own, where nothing can reach the public."""

import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from project.env import SETTINGS

# What may lead outside is not handed on: every credential and address of a real gateway.
OUTWARD = (
    "SMS_",
    "SMTP_",
    "FACEBOOK_",
    "INSTAGRAM_",
    "WHATSAPP_",
    "WEBPUSH_",
    "CAP_PARTNERS",
    "TWILIO_",
    "PUBLIC_SENDING",
    "STAFF_ADDRESSES",
    "HOOKS_URL",
    "MAIL_FROM",
    "MAIL_BOUNCES",
    "MAIL_LEAVE",
    "GATEWAY_OPTIONS",
    "SECRET_KEY",
)
SIMULATOR_PORT = re.compile("SIMULATOR_[A-Z]+_PORT")
MARK = "NAJDA_SCRATCH_WORLD"


@contextmanager
def world(country: str | None = None) -> Iterator[dict[str, str]]:
    """Yield the environment of a new scratch world, and remove all of it afterwards.

    On PostgreSQL (DATABASE_URL) it is a database of its own on the same server, dropped at the end.
    """
    folder = Path(tempfile.mkdtemp(prefix="najda-drill-"))
    simulators = sorted(setting.name for setting in SETTINGS if SIMULATOR_PORT.fullmatch(setting.name))
    web, *ports = free_ports(1 + len(simulators))
    environment = {name: value for name, value in os.environ.items() if not leads_outside(name)}
    environment |= {
        MARK: str(folder),
        "VAR_DIR": str(folder),
        "KEY_DIR": str(folder / "keys"),
        "HEADS_FILE": str(folder / "heads.jsonl"),
        "PUBLIC_SENDING": "false",
        "PUBLIC_URL": f"http://127.0.0.1:{web}",
        **{name: str(port) for name, port in zip(simulators, ports, strict=True)},
        "DEBUG": "false",
        "BROKER_URL": "",
        "REDIS_URL": "",
    }
    if country:
        environment["COUNTRY"] = country
    try:
        with _database(os.environ.get("DATABASE_URL", "")) as url:
            yield environment | {"DATABASE_URL": url}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leads_outside(name: str) -> bool:
    """Say whether a setting may hold the way to a real gateway."""
    known = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS}
    return name in known and name.startswith(OUTWARD)


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on now, all different."""
    probes = [socket.socket() for _number in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@contextmanager
def _database(url: str) -> Iterator[str]:
    if not url.startswith(("postgres://", "postgresql://")):
        yield ""
        return
    name = f"najda_drill_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
