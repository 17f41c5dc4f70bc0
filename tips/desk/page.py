"""What the page of a tip shows to one officer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cases.doubts import SAID
from tips import queue, replying
from tips.desk import around, file_acts, mapping, media, offered, questions, replies, words
from tips.desk.doors import TRIAGE, url
from tips.desk.forms import ReplyForm
from tips.desk.home import level
from tips.models import Tip
from tips.permission import was_given
from tips.queue import Chosen
from trust import desk
from trust.models import Officer


def page(tip: Tip, officer: Officer, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return the context of the page (about thirty queries, whatever came along)."""
    zone = desk.zone_of(officer)
    known = around.about(tip, officer)
    alike, many = around.neighbours(tip, officer, zone)
    may_act = officer.has_perm(TRIAGE) and Tip.objects.for_officer(officer).filter(pk=tip.pk).exists()
    form = questions.QuestionsForm(tip)
    return {
        "title": _("Tip %(reference)s") % {"reference": tip.reference},
        "tip": tip,
        "door": words.door(tip.door),
        "language": words.spoken(tip.language),
        "zone": zone.key,
        "hours": [
            (name, desk.moment(at, zone))
            for name, at in (
                (_("When it was seen"), tip.seen_at),
                (_("Said"), tip.said_at),
                (_("Received"), tip.received_at),
            )
            if at
        ],
        "due": _due(tip, now, zone),
        "place": _place(tip),
        "reasons": [*words.reasons(tip.reasons), *(str(SAID[code]) for code in tip.doubts if code in SAID)],
        "about": known,
        "along": [
            {"file": file, "acts": file_acts.offered(tip, file.row, officer, may_act=may_act)}
            for file in media.along(tip, officer, zone)
        ],
        "map": mapping.drawn(tip, known.case if known.may_open else None, now),
        "alike": alike,
        "alike_many": many + 1,
        "letters": around.letters(tip, zone),
        "history": around.history(tip, zone),
        "questions": form.rows(questions.notes(tip, officer)),
        "answered": questions.answered(tip),
        "may_act": may_act,
        "acts": offered.of(tip, officer, may_act=may_act),
        "beside": _beside(tip, officer, query, now),
        "reply": _reply(tip, officer, query, now) if _may_write(tip, officer, may_act=may_act) else None,
    }


def _may_write(tip: Tip, officer: Officer, *, may_act: bool) -> bool:
    """Say whether the officer may write to the witness: of the unit, or of the one it was handed to."""
    given = officer.has_perm(TRIAGE) and was_given(officer, tip)
    return (may_act or given) and not tip.erased_at and replying.can_be_reached(tip)


def _reply(tip: Tip, officer: Officer, query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Return the form for a reply, begun with the template that was chosen."""
    offered_words = replies.templates(tip)
    chosen = next((one for one in offered_words if one.code == query.get("reply")), None)
    return {
        "form": ReplyForm(initial={"body": chosen.words, "asks": chosen.asks} if chosen else None),
        "templates": offered_words,
        "chosen": chosen.code if chosen else "",
        "way": replies.way(tip, officer, now),
        "query": urlencode(Chosen.of(query).query),
    }


def _due(tip: Tip, now: datetime, zone: Any) -> dict[str, str] | None:
    """Return by when somebody must read it, where nobody has."""
    if tip.state != Tip.State.NEW or tip.look_due_at is None:
        return None
    return {"at": desk.moment(tip.look_due_at, zone), "level": level(tip, now)}


def _place(tip: Tip) -> dict[str, str] | None:
    """Return the place as it was said, and how it is known."""
    told = tip.place or {}
    if not told:
        return None
    error_m = told.get("error_m")
    return {
        "words": str(told.get("words") or ""),
        "point": f"{told['lat']:.5f}, {told['lon']:.5f}" if told.get("lat") is not None else "",
        "how": str(words.HOW.get(str(told.get("how")), "")),
        "error": _("± %(metres)s m") % {"metres": round(error_m)} if error_m else "",
    }


def _beside(tip: Tip, officer: Officer, query: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return where the keys for the next and the one before lead, in the queue the officer came from."""
    chosen = Chosen.of(query)
    told = urlencode(chosen.query)
    before, after = queue.beside(officer, chosen, tip, now)
    end = f"?{told}" if told else ""
    return {
        "up": url("changelist") + end,
        "before": url("change", before) + end if before else "",
        "after": url("change", after) + end if after else "",
    }
