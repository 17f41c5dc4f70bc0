"""A dossier's way: made ready for each version, sent, confirmed by Meta, and asked back at every end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from alerts import owed
from alerts.models import Alert, Dossier, Version
from alerts.permission import hold
from alerts.programme import links
from alerts.programme.contents import contents
from alerts.refusals import IssueRefused
from alerts.states import IllegalMove
from cases.page import SAID, is_said, page, step_of
from notifier import outbox, registry
from notifier.hand_channels import PROGRAMME
from notifier.message import Text
from notifier.models import Delivery
from trust import audit, clock
from trust.models import Officer, Task

CONFIRM, TAKE_DOWN = "programme_confirm", "programme_take_down"
PAGED_AFTER = timedelta(minutes=10)
ASKED_FOR = timedelta(hours=24)
LANGUAGE = "en"  # of the mail to Meta's team; the dossier speaks every language
State = Dossier.State

Task.ENDED_BY_AN_ACT |= {CONFIRM, TAKE_DOWN}  # a name and an hour, never a bare tick
SAID.update(
    {
        CONFIRM: gettext_lazy("Meta has not confirmed that it shows the alert: call its team"),
        TAKE_DOWN: gettext_lazy("Meta has not confirmed that the alert is taken down: call its team"),
    }
)


def tell(version: Version) -> bool:
    """Make the version's dossier ready and mail it where a contact is set. May run twice.

    False where nothing may be said to the programme now. What it was told before, and is told no more, is
    asked back.
    """
    is_asked = PROGRAMME in version.channels
    may = is_asked and contents(version, clock.now()) is not None
    if may:
        _prepare(version)
    else:
        former = Dossier.objects.standing().filter(alert=version.alert_id).exclude(version=version)
        if former.exists():
            _mark(former, clock.now())
            take_back(version.alert_id)
    return may or not is_asked


def _prepare(version: Version) -> None:
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=version.alert_id)
        if not alert.is_live or not Version.objects.in_force().filter(pk=version.pk).exists():
            return
        if Dossier.objects.filter(version=version).exists():
            return
        for former in Dossier.objects.standing().filter(alert=alert):
            _note_mail(former)
            former.move(State.REPLACED, None)
            owed.settle(CONFIRM, former.pk, "replaced")
            outbox.stop([former.pk])
        dossier = Dossier(
            alert=version.alert, version=version, key_owner=version.key_owner, prepared_at=clock.now()
        )
        dossier.link = links.digest(links.secret(dossier.pk))
        dossier.save(force_insert=True)
        audit.record("programme.prepared", dossier, after=State.PREPARED)
        owed.owe(CONFIRM, dossier, version.alert.case, PAGED_AFTER)
        assert version.expires_at is not None
        _mail(dossier, dossier.pk, "alert", _told(dossier), version.expires_at)


def _mail(dossier: Dossier, subject: UUID, kind: str, text: Text, expires_at: datetime) -> None:
    """Queue one e-mail to Meta's team; nothing where no contact is set: then it goes by hand."""
    if not settings.META_PROGRAMME_CONTACT or "email" not in registry.channels():
        return
    batch = outbox.open_batch(
        kind=kind, subject=subject, channel="email", texts={LANGUAGE: text}, key_owner=dossier.key_owner,
        expires_at=expires_at, exercise=dossier.alert.kind != Alert.Kind.ACTUAL,
    )  # fmt: skip
    outbox.record_people(batch, [(dossier.pk, settings.META_PROGRAMME_CONTACT, LANGUAGE)])


def _told(dossier: Dossier) -> Text:
    """Return the mail: a link and no word of the child, for a mail cannot be taken back."""
    url = links.url(dossier.pk, LANGUAGE)
    with override(LANGUAGE):
        told = {
            "site": settings.SITE_NAME,
            "code": dossier.alert.code,
            "km": settings.META_PROGRAMME_RADIUS_KM,
            "number": settings.TIP_NUMBER,
            "agency": str(dossier.alert.case.agency),
        }
        mark = "" if dossier.alert.kind == Alert.Kind.ACTUAL else f"[{dossier.alert.kind.upper()}] "
        subject = mark + _("%(site)s: AMBER dossier for alert %(code)s") % told
        words = _(
            "%(agency)s asks you to show alert %(code)s within %(km)s km. Dossier as PDF, JSON and CAP, with "
            "the photo, as long as the alert lives:"
        )
        confirm = _("Please confirm to %(agency)s, %(number)s, with your name and the hour.")
    return Text(subject=subject, body=f"{words % told}\n{url}\n\n{confirm % told}", url=url)


def _asked_back(dossier: Dossier) -> Text:
    with override(LANGUAGE):
        told = {
            "site": settings.SITE_NAME,
            "code": dossier.alert.code,
            "number": settings.TIP_NUMBER,
            "agency": str(dossier.alert.case.agency),
        }
        subject = _("%(site)s: alert %(code)s is over, take it down") % told
        words = _(
            "Alert %(code)s is no longer to be shown. Please take it down, and delete the photo and copies."
        )
        confirm = _("Please confirm to %(agency)s, %(number)s, with your name and the hour.")
    return Text(subject=subject, body=f"{words % told}\n\n{confirm % told}")


def sent_by_hand(dossier: Dossier, officer: Officer, at: datetime | None = None) -> None:
    """Write down that an officer gave the dossier to Meta's team. Raise IssueRefused: when, answered, …"""
    owed.demand_answer(officer, dossier.alert.case)
    when = owed.moment_of(at, dossier.prepared_at)
    with transaction.atomic():
        hand = Dossier.How.HAND
        _move(dossier, State.SENT, officer, sent_at=when, sent_how=hand, sent_by=officer)


def confirmed(dossier: Dossier, who: str, officer: Officer, at: datetime | None = None) -> None:
    """Write down who at Meta confirmed that it is shown, and when. Raise IssueRefused: who, when, …"""
    owed.demand_answer(officer, dossier.alert.case)
    _note_mail(dossier)
    name, when = owed.name_of(who), owed.moment_of(at, dossier.sent_at or dossier.prepared_at)
    with transaction.atomic():
        _move(dossier, State.CONFIRMED, officer, confirmed_at=when, confirmation_recorded_by=officer)
        dossier.confirmed_by = name
        dossier.save(update_fields=["confirmed_by"])
        owed.settle(CONFIRM, dossier.pk, "confirmed", by=officer)


def taken_down(dossier: Dossier, who: str, officer: Officer, at: datetime | None = None) -> None:
    """Write down who at Meta confirmed that it is gone, and when. Raise IssueRefused: who, when, …"""
    owed.demand_answer(officer, dossier.alert.case)
    name = owed.name_of(who)
    when = owed.moment_of(at, dossier.take_down_asked_at or dossier.prepared_at)
    with transaction.atomic():
        _move(dossier, State.TAKEN_DOWN, officer, taken_down_at=when, take_down_recorded_by=officer)
        dossier.taken_down_by = name
        dossier.save(update_fields=["taken_down_by"])
        owed.settle(TAKE_DOWN, dossier.pk, "confirmed", by=officer)


def _move(dossier: Dossier, state: str, officer: Officer, **stamps: datetime | str | Officer) -> None:
    try:
        dossier.move(state, officer, reason="", **stamps)
    except IllegalMove as other:
        raise IssueRefused("answered") from other


def silence(alert_id: UUID, at: datetime) -> None:
    """Stop a mail that still waits and mark the dossier, within the caller's transaction."""
    standing = Dossier.objects.standing().filter(alert=alert_id)
    outbox.stop(standing.values_list("pk", flat=True))
    _mark(standing, at)


def _mark(dossiers: Iterable[Dossier], at: datetime) -> None:
    keys = [dossier.pk for dossier in dossiers]
    Dossier.objects.filter(pk__in=keys, take_back_from=None).update(take_back_from=at)


def take_back(alert_id: UUID) -> None:
    """Ask Meta to take down what it may have been given; what nobody sent is dropped. May run twice."""
    due = Dossier.objects.standing().filter(alert=alert_id, take_back_from__isnull=False)
    for dossier in due.select_related("alert__case__agency", "alert__case__unit", "alert__case__owner"):
        _ask_back(dossier)


def _ask_back(dossier: Dossier) -> None:
    now = clock.now()
    try:
        with transaction.atomic():
            _note_mail(dossier)
            owed.settle(CONFIRM, dossier.pk, "taken_back")
            outbox.stop([dossier.pk])
            if not _may_be_with_meta(dossier):
                dossier.move(State.DROPPED, None)
                return
            dossier.move(State.TAKE_DOWN_ASKED, None, take_down_asked_at=now)
            owed.owe(TAKE_DOWN, dossier, dossier.alert.case, PAGED_AFTER)
            subject = uuid5(dossier.pk, "take_down")
            _mail(dossier, subject, "end", _asked_back(dossier), now + ASKED_FOR)
    except IllegalMove:  # another worker was first
        return


def _may_be_with_meta(dossier: Dossier) -> bool:
    """Say whether this dossier or an earlier one of its alert was given away, or may have been."""
    given = Dossier.objects.filter(alert=dossier.alert_id, sent_at__isnull=False).exists()
    return given or Delivery.objects.about([dossier.pk]).told().exists()


def unfinished() -> list[UUID]:
    due = Dossier.objects.standing().filter(take_back_from__isnull=False)
    return list(due.values_list("alert", flat=True).distinct())


def _note_mail(dossier: Dossier) -> None:
    """Call a dossier sent once a mail server took its mail; until then it only waits."""
    if dossier.state != State.PREPARED:
        return
    taken = Delivery.objects.about([dossier.pk]).filter(state__in=("accepted", "delivered")).first()
    if taken is None:
        return
    try:
        dossier.move(State.SENT, None, sent_at=taken.state_at, sent_how=Dossier.How.MAIL)
    except IllegalMove:  # an officer or another worker was first
        dossier.refresh_from_db(fields=["state", "sent_at", "sent_how"])


def watch() -> None:
    """Note what was mailed; call the owner about what Meta has not confirmed in ten minutes, once a step."""
    for dossier in Dossier.objects.filter(state=State.PREPARED):
        _note_mail(dossier)
    due = clock.now() - PAGED_AFTER
    for dossier in Dossier.objects.filter(state__in=[State.PREPARED, State.SENT], prepared_at__lte=due):
        _call(dossier, CONFIRM)
    asked = Dossier.objects.filter(state=State.TAKE_DOWN_ASKED, take_down_asked_at__lte=due)
    for dossier in asked:
        _call(dossier, TAKE_DOWN)
    owed.follow_owners(Dossier, (CONFIRM, TAKE_DOWN))


def _call(dossier: Dossier, code: str) -> int:
    """Page the case's owner about this step, once. Each version's dossier has steps of its own."""
    said = step_of(dossier.pk, code)
    with transaction.atomic():
        case = hold(dossier.alert.case_id)
        return 0 if is_said(said) else page(case, said, code)
