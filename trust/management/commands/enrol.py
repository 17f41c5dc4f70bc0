from typing import Any

from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from trust import enrolment


class Command(BaseCommand):
    help = "Make one of the first two administrators; they make every further account at /police/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="asked for when left out")
        parser.add_argument("--display-name", help="asked for when left out")
        parser.add_argument(
            "--language", choices=[code for code, _ in settings.LANGUAGES], default=settings.LANGUAGE_CODE
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = (options["username"] or input("User name: ")).strip()
        display_name = (options["display_name"] or input("Name: ")).strip()
        try:
            UnicodeUsernameValidator()(username)
            _, password = enrolment.first_administrator(username, display_name, options["language"])
        except ValidationError as fault:
            raise CommandError(f"user name {username!r}: {' '.join(fault.messages)}") from fault
        except enrolment.EnrolmentRefused as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{username} is an administrator.")
        self.stdout.write(f"One-time password, shown only here: {password}")
        self.stdout.write(
            f"Log in at {settings.PUBLIC_URL}/police/ : second factor first, then a new password."
        )
