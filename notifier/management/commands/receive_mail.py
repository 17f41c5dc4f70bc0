"""`manage.py receive_mail`: one mail from a mail server's pipe, stored before it is acknowledged.

Ends as sysexits.h has it: 0 is stored, 75 asks the server to keep the mail and try again, and there is no
third: a mail that is too large is cut, one that cannot be read is kept, and both are stored.
"""

import logging
import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand

from notifier import registry, webhooks
from notifier.message import RawRequest

logger = logging.getLogger(__name__)

TRY_AGAIN = 75  # EX_TEMPFAIL


class Command(BaseCommand):
    help = "Take one mail from standard input: a bounce, a complaint, or what somebody wrote to us."
    requires_system_checks = ()  # a mail must not wait for a warning

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="Whom it was delivered to, as the mail server says")
        parser.add_argument("--alias", default="email", help="The alias in NOTIFIER (default: email)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            take(options["alias"], sys.stdin.buffer.read, options["to"])
        except Exception as error:  # noqa: BLE001  whatever it is, the mail server has the mail still
            # Its kind alone: the text may quote the mail.
            logger.error("a mail could not be stored: %s", type(error).__name__)
            sys.exit(TRY_AGAIN)


def take(alias: str, read: Any, to: str) -> None:
    """Store the mail that `read(most)` gives. Raise what the database and the settings raise."""
    backend = registry.for_hooks(alias)
    body = read(backend.most_body + 1)
    query = {"to": to, **({"cut": "yes"} if len(body) > backend.most_body else {})}
    url = f"{settings.HOOKS_URL}/hooks/{alias}/?{urlencode(query)}"
    headers = {"Content-Type": "message/rfc822"}
    webhooks.take(alias, backend, RawRequest("POST", url, headers, body[: backend.most_body]))
