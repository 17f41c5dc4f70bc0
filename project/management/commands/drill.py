"""`manage.py drill`: the whole journey in a scratch world; exit 0 only when nothing went wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from notifier import registry
from project import scratch
from project.drill import walk
from project.processes import WorldError

DEFAULT_RECIPIENTS = 2_000


class Command(BaseCommand):
    help = "Walk one alert from report to stand-down with invented people, and count what they received."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipients", type=int, default=DEFAULT_RECIPIENTS, help="invented subscribers")
        parser.add_argument("--rates", choices=("fast", "contract"), default="fast", help="gateways' limits")
        parser.add_argument("--json", action="store_true", help="the JSON alone on standard output")
        parser.add_argument("--out", type=Path, help="folder for people, what arrived, documents and pages")
        parser.add_argument("--seed", type=int, default=1, help="where the invented people stand")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["recipients"] < 1:
            raise CommandError("--recipients: at least one person.")
        if os.environ.get(scratch.MARK):
            self._walk(options)
        else:
            self._enter_scratch_world(options["rates"])

    def _enter_scratch_world(self, rates: str) -> None:
        live = registry.has_live_credentials()
        if live or settings.PUBLIC_SENDING:
            raise CommandError(
                "Refused: this machine could reach the public "
                f"({', '.join(live) or 'PUBLIC_SENDING is on'}). Run the drill where no channel holds live "
                "credentials."
            )
        with scratch.world() as environment:
            environment["SIMULATED_RATES"] = rates
            if (
                rates == "contract"
            ):  # each invented person has one address: the 251st is told at the same number
                environment["WHATSAPP_FALLS_TO"] = "sms"
            again = subprocess.run(  # noqa: S603  this very command line
                [sys.executable, *sys.argv], env=environment, stdin=subprocess.DEVNULL, check=False
            )
        if again.returncode:
            sys.exit(again.returncode)

    def _walk(self, options: dict[str, Any]) -> None:
        if settings.PUBLIC_SENDING or registry.has_live_credentials():
            raise CommandError("Refused: the scratch world could reach the public.")
        try:
            result = walk.run(
                recipients=options["recipients"],
                out=options["out"],
                seed=options["seed"],
                quiet=False,
            )
        except (WorldError, walk.WalkError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result, indent=None if options["json"] else 2, ensure_ascii=False))
        if not result["ok"]:
            sys.exit(1)
