"""Tips at the desk: the queue, the page of one, and the addresses of what can be done there."""

from __future__ import annotations

from django.contrib import admin

from notifier.admin import KEY_OWNERS
from tips import case_panel, proof
from tips.desk.home import queues
from tips.desk.reading import TipReading
from tips.models import Tip

__all__ = ["TipAdmin", "queues"]

case_panel.install()
KEY_OWNERS.append(lambda officer: Tip.objects.for_officer(officer).values("pk"))

proof.install()


@admin.register(Tip)
class TipAdmin(TipReading):
    pass
