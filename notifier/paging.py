"""Call the operators (administrators) about a gateway, without a word about anybody."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifier import outbox, registry
from notifier.meanings import meaning
from notifier.message import Text
from trust import clock, keys
from trust.models import Officer, Task
from trust.roles import Role

VALID_FOR = timedelta(hours=1)


def call_operators(task: Task, alias: str, kind: str) -> int:
    """Queue an SMS and an e-mail to each about an open task; return how many.

    By both, for one of them may be what is in trouble.
    """
    operators = Officer.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).distinct()
    people = list(operators)
    texts = {language: _text(alias, kind, language) for language in {one.language for one in people}}
    count = 0
    for channel, field in (("sms", "phone"), ("email", "email")):
        told = [(one.pk, str(getattr(one, field)), one.language) for one in people if getattr(one, field)]
        if not told or channel not in registry.channels():
            continue
        keys.create(task.pk, "notice")
        batch = outbox.open_batch(
            kind="page", subject=task.pk, channel=channel, texts=texts, key_owner=task.pk,
            expires_at=clock.now() + VALID_FOR,
        )  # fmt: skip
        count += outbox.record_people(batch, told)
    return count


def _text(alias: str, kind: str, language: str) -> Text:
    url = f"{settings.PUBLIC_URL}/police/"
    with override(language):
        what = _("%(site)s: the gateway “%(alias)s” is in trouble.") % {
            "site": settings.SITE_NAME,
            "alias": alias,
        }
        words = f"{what} {meaning(kind)}"
    return Text(subject=what, body=f"{words}\n{url}", short=f"{words}\n{url}", url=url)
