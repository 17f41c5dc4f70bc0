"""`manage.py footage FILE… --title … --origin …`: keep pictures and clips known to be old or false."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tips.files import footage
from tips.refusals import TipRefused


class Command(BaseCommand):
    help = "Keep pictures and clips known to be old or false, so that they are recognised from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--title", required=True, help="what it shows")
        parser.add_argument("--origin", required=True, help="where it is really from")
        parser.add_argument("--day", type=date.fromisoformat, help="when it happened, YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for path in options["files"]:
            try:
                row = footage.add_file(path.read_bytes(), options["title"], options["origin"], options["day"])
            except (TipRefused, OSError) as refused:
                code = refused.code if isinstance(refused, TipRefused) else type(refused).__name__
                self.stderr.write(f"{path}: {code}")
                failed += 1
            else:
                self.stdout.write(f"{path}: {row.pk}")
        if failed:
            raise CommandError(f"{failed} of {len(options['files'])} were not kept")
