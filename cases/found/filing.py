"""A found child is put on file, and more becomes known of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from cases import fields, name_tokens, receiving
from cases.found.matching import look_safely
from cases.models import FoundChild, FoundToken, MoveRefused
from cases.reported import ReportedPhoto, ReportedPlace
from cases.seen import several
from trust import audit, clock, keys, secrets, vault
from trust.models import Officer

audit.declare(
    {
        "found.filed": "an officer put on file a found child whom nobody has reported",
        "found.told": "an officer added to, or changed, what is known of a found child",
    }
)


@dataclass(frozen=True)
class FoundTold:
    """Hold what is known of a found child; facts are {document field: value} of cases.fields.

    photo: None leaves the one that is there.
    """

    found_at: datetime
    place: ReportedPlace
    language: str
    sex: str = ""
    age_low_months: int | None = None
    age_high_months: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    name_said: str = ""
    says_family: str = ""
    says_place: str = ""
    where_now: str = ""
    taken_in_by: str = ""
    photo: ReportedPhoto | None = None


def file(told: FoundTold, officer: Officer, submission: str = "") -> FoundChild:
    """Put the child on file with the officer's unit, and compare it with every open report.

    The same submission gives the same child again. Raise MoveRefused("no_unit"), fields.FieldError.
    """
    token = keys.token("found submission", submission) if submission else None
    same = FoundChild.objects.filter(submission=token).first() if token else None
    if same:
        return same
    try:
        return _file(told, officer, token)
    except IntegrityError:
        same = FoundChild.objects.filter(submission=token).first() if token else None
        if same is None:
            raise
        return same  # the other half of a double click was faster


def tell(found: FoundChild, told: FoundTold, officer: Officer) -> None:
    """Set what is known now, and compare anew. Raise MoveRefused("case_over") once it has ended."""
    files: list[str] = []
    with transaction.atomic():
        held = FoundChild.objects.select_for_update().get(pk=found.pk)
        if not held.is_open:
            raise MoveRefused("case_over", held.reference)
        if told.photo:
            files = [held.original_key, held.clean_key]
        _write(held, told)
        held.save()
        FoundToken.objects.filter(found=held).delete()
        _add_tokens(held)
        audit.record("found.told", held, actor=officer)
        transaction.on_commit(partial(forget_files, files))
        look_safely(held)


def forget_files(names: list[str]) -> None:
    for name in filter(None, names):
        vault.delete(name)


def _file(told: FoundTold, officer: Officer, token: str | None) -> FoundChild:
    unit = officer.unit
    if unit is None:
        raise MoveRefused("no_unit", officer.username)
    found = FoundChild(unit=unit, agency=unit.agency, filed_by=officer, submission=token)
    found.reference, found.filed_at = _reference(), clock.now()
    try:
        with transaction.atomic():
            keys.create(found.pk, "found")
            _write(found, told)
            found.save(force_insert=True)
            _add_tokens(found)
            audit.record("found.filed", found, actor=officer, after=found.state)
            look_safely(found)
    except BaseException:
        forget_files([found.original_key, found.clean_key])
        raise
    return found


def _write(found: FoundChild, told: FoundTold) -> None:
    for name, value in told.facts.items():
        fields.check_value(name, value)
    for name in (
        "found_at", "language", "sex", "age_low_months", "age_high_months", "name_said", "says_family",
        "says_place", "where_now", "taken_in_by",
    ):  # fmt: skip
        setattr(found, name, getattr(told, name))
    found.facts = dict(told.facts)
    found.place_words, found.place_json = told.place.words, receiving.place_json(told.place)
    found.error_m = told.place.error_m
    if told.photo:
        _write_photo(found, told.photo)


def _write_photo(found: FoundChild, photo: ReportedPhoto) -> None:
    found.original_key = vault.put(found.pk, photo.original)
    found.original_sha256 = hashlib.sha256(photo.original).hexdigest()
    found.clean_key = vault.put(found.pk, photo.clean)
    found.clean_sha256 = hashlib.sha256(photo.clean).hexdigest()
    found.width, found.height = photo.width, photo.height


def _add_tokens(found: FoundChild) -> None:
    names = several(found.name_said or "")
    FoundToken.objects.bulk_create(
        FoundToken(found=found, kind=kind, token=keys.token(f"name {kind}", value))
        for kind, value in sorted(name_tokens.tokens(*names))
    )


def _reference() -> str:
    while True:
        reference = secrets.new_reference()
        if not FoundChild.objects.filter(reference=reference).exists():
            return reference
