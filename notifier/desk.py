"""Gateways in trouble, on the home page of those who can mend them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from notifier.meanings import meaning
from notifier.models import AliasHealth
from trust import desk
from trust.desk import Item, Queue
from trust.models import Officer

RIGHT = "notifier.view_aliashealth"
LEVELS = {AliasHealth.State.ILL: "danger", AliasHealth.State.WATCHED: "warning"}


def queues(officer: Officer, now: datetime) -> list[Queue]:
    """Return the gateways that are not well, those in trouble longest first; nothing without the right."""
    if not officer.has_perm(RIGHT):
        return []
    ill = AliasHealth.objects.exclude(state=AliasHealth.State.WELL).order_by("since")
    items = [
        Item(
            health.alias,
            reverse("admin:notifier_aliashealth_change", args=[health.pk]),
            " ".join(said(health)),
            desk.age(health.since, now),
            LEVELS[AliasHealth.State(health.state)],
        )
        for health in ill
    ]
    url = reverse("admin:notifier_aliashealth_changelist")
    return [Queue(_("Gateways"), items, _("Every gateway is well."), url, len(items))]


def said(health: AliasHealth) -> list[str]:
    """Return what is wrong in sentences, each once."""
    return list(dict.fromkeys(meaning(kind) for kind, _detail, _serious in health.problems))
