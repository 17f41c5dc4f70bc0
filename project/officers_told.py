"""An officer hears what became of the own account, by SMS and e-mail: whoever stole it cannot hide that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from notifier import outbox
from notifier.message import Text
from trust import clock, keys
from trust.models import Officer
from trust.signals import account_changed

VALID_FOR = timedelta(days=1)
SAID: dict[str, Promise] = {
    "granted": _("Your account has a new right."),
    "refused": _("A new right asked for your account was refused."),
    "lapsed": _("A new right asked for your account lapsed: nobody decided on it."),
    "taken": _("A right was taken from your account."),
    "closed": _("Your account was closed."),
    "factor_reset": _("The second factor of your account was forgotten. Sign up a new one in person."),
    "password_issued": _("A one-time password was made for your account."),
}
DOUBT = _("If you did not expect this, call your administrators now.")


@receiver(account_changed, dispatch_uid="project.officers_told")
def tell(officer: Officer, code: str, subject: UUID, **kwargs: Any) -> None:
    """Queue it to the officer's addresses, sealed under a key of the account's own."""
    keys.create(officer.pk, "officer")
    text = _text(code, officer.language)
    for channel, address in (("sms", officer.phone), ("email", officer.email)):
        if address:
            batch = outbox.open_batch(
                kind="page",
                subject=subject,
                channel=channel,
                texts={officer.language: text},
                key_owner=officer.pk,
                expires_at=clock.now() + VALID_FOR,
            )
            outbox.record_people(batch, [(officer.pk, str(address), officer.language)])


def _text(code: str, language: str) -> Text:
    url = f"{settings.PUBLIC_URL}/police/"
    with override(language):
        what = f"{settings.SITE_NAME}: {SAID[code]}"
        body = f"{what} {DOUBT}"
    return Text(subject=what, body=f"{body}\n{url}", short=body, url=url)
