"""`manage.py purge`: forget what its term is over for, now."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from project import purging


class Command(BaseCommand):
    help = "Forget what its retention term is over for; --dry-run counts and forgets nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for app, counts in purging.purge(dry_run=options["dry_run"]).items():
            for noun, count in counts.items():
                self.stdout.write(f"{app}\t{noun}\t{count}")
