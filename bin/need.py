"""System programs that tests, lint and pictures stand on: where they are, and how to get a missing one.

`python -m bin.need postgresql redis` installs what is missing where it may (apt-get, as root or by a sudo
that asks nothing), else prints the line that does and exits 1.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A Debian package (or several) and the commands and files that show it is there; each one is needed."""

    package: str
    commands: tuple[str, ...]
    files: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        return all(map(find, self.commands)) and all(Path(file).exists() for file in self.files)


PROGRAMS = {
    "postgresql": Program("postgresql", ("initdb", "postgres")),
    "redis": Program("redis-server", ("redis-server",)),
    "chromium": Program("chromium", ("chromium",)),
    # Without an Arabic font a browser draws boxes, of another width.
    "arabic": Program("fonts-noto-core", (), ("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",)),
    "xmlsec1": Program("xmlsec1", ("xmlsec1",)),
    "poppler": Program("poppler-utils", ("pdftotext",)),
    "node": Program("nodejs", ("node",)),
    "npm": Program("npm", ("npm",)),
    # bearerbox and smsbox; the extras bring the two ends of an air that is none.
    "kannel": Program("kannel kannel-extras", ("bearerbox", "smsbox"), ("/usr/lib/kannel/test/fakesmsc",)),
    "gettext": Program("gettext", ("msgfmt", "msgmerge", "xgettext", "msguniq")),
}

# What Debian's Chromium wants where there is no display and nothing outside to talk to.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Debian keeps the server's commands off the PATH, one folder a version.
POSTGRESQL_VERSIONS = Path("/usr/lib/postgresql")


def find(command: str) -> Path | None:
    """Return where a command lies: on the PATH, in sbin, or in the newest PostgreSQL's folder."""
    newest_first = sorted(POSTGRESQL_VERSIONS.glob("*/bin"), key=_version, reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", *map(str, newest_first)])
    found = shutil.which(command, path=path)
    return Path(found) if found else None


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def missing(names: list[str]) -> list[str]:
    """Return the programs of `names` of which a command is not to be found."""
    return [name for name in names if not PROGRAMS[name].is_there]


def require(*names: str) -> None:
    """Return once every program is there; exits 1, naming the line to type, where one cannot be had."""
    lacking = missing(list(names))
    if lacking and (prefix := _apt_prefix()) is not None:
        _install([package for name in lacking for package in PROGRAMS[name].package.split()], prefix)
        lacking = missing(lacking)
    if lacking:
        raise SystemExit(
            "\n".join(f"{name} is missing. Install it: {install_line(name)}" for name in lacking)
        )


def install_line(name: str) -> str:
    """Return the command a person types to install one program on Debian or Ubuntu."""
    as_root = "" if os.geteuid() == 0 else "sudo "
    return f"{as_root}apt-get install -y --no-install-recommends {PROGRAMS[name].package}"


def _apt_prefix() -> list[str] | None:
    """Return what must stand before apt-get, None where this user may not or there is no apt-get."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    may = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if may else None


def _install(packages: list[str], prefix: list[str]) -> None:
    print(f"Installing {', '.join(packages)} (apt-get); once", file=sys.stderr, flush=True)
    quietly = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o=Dpkg::Use-Pty=0"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*quietly, *step], stdin=subprocess.DEVNULL, stdout=sys.stderr)


if __name__ == "__main__":
    require(*(sys.argv[1:] or PROGRAMS))
