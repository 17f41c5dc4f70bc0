import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trust import audit


class Command(BaseCommand):
    help = "Name each row of the log that was changed, removed, swapped or inserted; exit 1 on any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="the exported heads (default: HEADS_FILE)")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = audit.verify(options["heads"])
        errors = [finding for finding in findings if finding.is_error]
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not errors, "findings": [f.as_json() for f in findings]}))
        else:
            for finding in findings:
                mark = "FAULT" if finding.is_error else "note "
                self.stdout.write(
                    f"{mark} {finding.kind} {finding.of} {finding.row} {finding.detail}".rstrip()
                )
            self.stdout.write("the log is whole" if not errors else f"{len(errors)} fault(s)")
        if errors:
            raise CommandError(f"the log was changed: {len(errors)} fault(s)", returncode=1)
