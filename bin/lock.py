"""Compile every requirements*.in into a lock with hashes; extra arguments go to `uv pip compile`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements", "requirements-dev", "requirements-nodeps")


def command(name: str, extra: list[str]) -> list[str]:
    """Return the line that compiles `<name>.in`. Registry addresses stay out of the lock (uv's default)."""
    options = ["--python-version", "3.11", "--generate-hashes", "--no-annotate", "--quiet"]
    if name.endswith("nodeps"):
        options.append("--no-deps")
    compiler = [sys.executable, "-m", "uv", "pip", "compile"]
    header = ["--custom-compile-command", "make lock"]
    return [*compiler, *options, *header, f"{name}.in", "-o", f"{name}.txt", *extra]


def main() -> None:
    for name in LOCKS:
        subprocess.run(command(name, sys.argv[1:]), cwd=ROOT, check=True)
        print(f"{name}.txt: {(ROOT / f'{name}.txt').read_text().count('==')} packages locked", flush=True)


if __name__ == "__main__":
    main()
