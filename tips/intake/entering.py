"""The one way in: tip and witness, what came along, the machine's look, the answer; in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from tips import answering, bursts, naming, placing
from tips.intake import adding, keeping
from tips.intake.arrival import Arrival, of_form, offered
from tips.intake.conversation import former
from tips.models import Tip, Witness
from tips.naming import Answered, Named
from tips.telling import Told
from tips.words import language_in
from trust import audit, clock, keys, secrets


@dataclass(frozen=True, slots=True)
class Entered:
    """The tip, what its witness comes back with (a secret's digits), and whether it was there before."""

    tip: Tip
    reference: str
    secret: str = field(repr=False)
    repeated: bool


def enter(told: Told) -> Entered:
    """Return the tip of what a form told, made at its first call, in one transaction.

    The same submission gives the same tip and the same receipt, however often it is sent.
    """
    secret = _secret(told.submission)
    form_id = UUID(hex=keys.token("tip submission", told.submission)[:32]) if told.submission else None
    known = Tip.objects.filter(event_id=form_id).first() if form_id else None
    if known is None:
        try:
            tip = take_in(of_form(told, form_id), secret)
        except IntegrityError:  # the same form came twice at once, and the other one was faster
            known = Tip.objects.filter(event_id=form_id).first() if form_id else None
            if known is None:
                raise
        else:
            return Entered(tip, tip.reference, secret.digits, repeated=False)
    return Entered(known, known.reference, secret.digits, repeated=True)


def take_in(arrival: Arrival, secret: secrets.Secret | None = None) -> Tip:
    """Return the tip this begins or adds to, kept, looked at and answered. Raise IntegrityError for an
    arrival whose id is known.
    """
    with transaction.atomic():
        witness = _witness(arrival)
        said = naming.answered(arrival.replies_to)
        language = _language(arrival, witness, said)
        if witness is not None:
            bursts.hear(witness, clock.now())
        tip = former(witness, arrival, said) if arrival.alias else None  # a call, a form are each their own
        if tip is not None:
            return adding.add(_held(tip, witness, arrival), arrival)
        tip = _row(arrival, witness, _named(arrival, said), language)
        return _begin(tip, arrival, secret or secrets.new())


def _begin(tip: Tip, arrival: Arrival, secret: secrets.Secret) -> Tip:
    told = arrival.told
    tip.secret_hash = secrets.keyed_hash(secret)
    keys.create(tip.pk, "tip")
    tip.words, tip.link = told.words, told.link
    tip.place = dict(told.place) if told.place else None
    tip.save(force_insert=True)
    audit.record("tip.received", tip, after=told.door)
    keeping.note(tip, arrival)
    keeping.bring_along(tip, arrival)
    placing.look(tip)
    answering.receipt(tip, secret, arrival.way)
    return tip


def _row(arrival: Arrival, witness: Witness | None, named: Named, language: str) -> Tip:
    told, now = arrival.told, clock.now()
    return Tip(
        id=uuid4(),
        reference=_reference(),
        state_at=now,
        door=told.door,
        language=language,
        unit_id=naming.unit_of(named, told.place),
        alert_id=named.alert.pk if named.alert else None,
        named_by=named.by,
        event_id=arrival.id,
        witness=witness,
        replies_to=arrival.replies_to,
        entered_by=told.entered_by,
        doubts=list(told.doubts),
        seen_at=told.seen_at,
        seen_error_min=told.seen_error_min,
        said_at=told.said_at or now,
        received_at=now,
        heard_at=now,
    )


def _witness(arrival: Arrival) -> Witness | None:
    """Return whoever has this address, their row locked: one sender's messages are taken in one by one."""
    witness = Witness.of(arrival.channel, arrival.address, arrival.told.language or offered()[0])
    if witness is None:
        return None
    return Witness.objects.select_for_update().get(pk=witness.pk)


def _language(arrival: Arrival, witness: Witness | None, said: Answered | None) -> str:
    """Return the language to answer in: said by the form, the words' own, that of what they answer, the one
    this sender wrote in before, the country's first.
    """
    known, told = offered(), arrival.told
    written = told.language or language_in(told.words, known)
    earlier = witness.language if witness and witness.heard_at else ""
    answered = said.language if said else ""
    language = next((code for code in (written, answered, earlier) if code in known), known[0])
    if witness and written and witness.language != language:
        witness.language = language
        witness.save(update_fields=["language"])
    return language


def _named(arrival: Arrival, said: Answered | None) -> Named:
    told = arrival.told
    for named in (naming.by_button(told.alert_id), naming.by_words(told.words), naming.by_reply(said)):
        if named.alert is not None:
            return named
    return Named()


def _held(tip: Tip, witness: Witness | None, arrival: Arrival) -> Tip:
    """Return the tip locked; who commented and now writes in private is met there from now on."""
    held = Tip.objects.select_for_update().get(pk=tip.pk)
    if witness is not None and held.witness_id != witness.pk:
        held.witness, held.door = witness, arrival.told.door
        held.save(update_fields=["witness", "door"])
    return held


def _reference() -> str:
    while True:
        reference = secrets.new_reference()
        if not Tip.objects.filter(reference=reference).exists():
            return reference


def _secret(submission: str) -> secrets.Secret:
    """Return the same secret for the same form: it is kept nowhere, and can be shown again."""
    return secrets.from_digest(keys.token("tip secret", submission)) if submission else secrets.new()
