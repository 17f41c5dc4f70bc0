"""`manage.py run`: everything on one machine, with an invented town, until Ctrl-C."""

import signal
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from rich.console import Console
from rich.table import Table

from project import demo, demo_tips, processes
from project.invented import PASSWORD

SUBSCRIBERS = 400
CODE_PERIOD_S = 30


class Command(BaseCommand):
    help = "Start web, worker, beat and simulators with demo data; Ctrl-C ends all of it."
    requires_system_checks = ["__all__"]

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager ends it as Ctrl-C does
        console = Console()
        prepare()
        simulated = settings.VAR_DIR / "simulated"
        try:
            with processes.running(
                processes.members(simulated=simulated), settings.VAR_DIR / "logs"
            ) as group:
                console.print(addresses())
                watch(console, group)
        except processes.WorldError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            console.print("Stopping …")


def prepare() -> None:
    """Bring database, static files and demo data up to date; quick where they are."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    demo.make()
    demo.subscribe(SUBSCRIBERS)
    demo_tips.tell()


def addresses() -> Table:
    table = Table(title=f"{settings.SITE_NAME} · {settings.COUNTRY.names['en']} · demo", show_header=False)
    language = settings.LANGUAGE_CODE
    for label, address in (
        ("A family reports", f"{settings.PUBLIC_URL}/{language}/report/"),
        ("The police desk", f"{settings.PUBLIC_URL}/police/"),
        ("Live alerts", f"{settings.PUBLIC_URL}/{language}/"),
        ("What the public received", f"http://127.0.0.1:{settings.SIMULATOR_PORTS['sms']}/"),
        ("CAP feed", f"{settings.PUBLIC_URL}/feeds/cap.atom"),
        ("Officers' password", PASSWORD),
        ("Logs", str(settings.VAR_DIR / "logs")),
    ):
        table.add_row(label, address)
    return table


def watch(console: Console, group: dict[str, Any]) -> None:
    """Print the officers' one-time codes each time they change; raise when a member of the group dies."""
    shown = ""
    while True:
        processes.refuse_dead(group, settings.VAR_DIR / "logs")
        codes = "   ".join(
            f"{member.username} ({member.role}) [bold]{demo.one_time_code(member.username)}[/bold]"
            for member in demo.CAST
        )
        if codes != shown:
            left_s = CODE_PERIOD_S - int(time.time()) % CODE_PERIOD_S
            console.print(f"One-time codes for {left_s} s: {codes}", soft_wrap=True)
            sys.stdout.flush()
            shown = codes
        time.sleep(0.5)
