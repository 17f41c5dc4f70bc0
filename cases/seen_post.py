"""A case opened from a post on a social network: nobody has complained yet, and nobody has consented."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases import post_address, report
from cases.models import Case, CaseState, SeenPost
from cases.report import Received
from cases.reported import Report, ReportedPhoto
from trust import audit, clock, keys, vault
from trust.models import Officer

audit.declare(
    {"case.post_noted": "an officer noted the post on a social network that a case was opened from"}
)


@dataclass(frozen=True)
class PostSeen:
    """Hold what is known of a post: its address or a picture of it, or both."""

    network: str
    seen_at: datetime
    address: str = ""
    author: str = ""
    seen_by: str = ""
    capture: ReportedPhoto | None = None


def known(address: str) -> Case | None:
    """Return the case that the post at this address opened first, as it is worked on (two queries).

    Raise post_address.AddressRefused.
    """
    posts = SeenPost.objects.filter(address_token=_token(address)).exclude(case__state=CaseState.ERASED)
    first = posts.select_related("case__merged_into", "case__unit__agency").order_by("added_at").first()
    return first.case.standing if first else None


def receive(told: Report, post: PostSeen, officer: Officer) -> Received:
    """Store the report with its post in one transaction; the same submission gives the same case again."""
    files: list[str] = []
    try:
        with transaction.atomic():
            received = report.receive(told)
            if not received.repeated:
                _note(received.case, post, officer, files)
    except BaseException:
        for name in files:
            vault.delete(name)
        raise
    return received


def _note(case: Case, told: PostSeen, officer: Officer, files: list[str]) -> SeenPost:
    post = SeenPost(case=case, network=told.network, noted_by=officer, seen_at=told.seen_at)
    post.added_at = clock.now()
    post.address, post.author, post.seen_by = told.address, told.author, told.seen_by
    post.address_token = _token(told.address) if told.address else ""
    if told.capture:
        _keep(post, told.capture, files)
    post.save(force_insert=True)
    audit.record("case.post_noted", case, actor=officer, after=told.network)
    return post


def _keep(post: SeenPost, picture: ReportedPhoto, files: list[str]) -> None:
    post.original_key = vault.put(post.case_id, picture.original)
    files.append(post.original_key)
    post.clean_key = vault.put(post.case_id, picture.clean)
    files.append(post.clean_key)
    post.original_sha256 = hashlib.sha256(picture.original).hexdigest()
    post.clean_sha256 = hashlib.sha256(picture.clean).hexdigest()
    post.width, post.height = picture.width, picture.height


def _token(address: str) -> str:
    return keys.token("post address", post_address.read(address).normal)
