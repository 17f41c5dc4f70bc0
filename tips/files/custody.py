"""The sealed original handed out as evidence: with its digest, where it came from and what the log says.

A ZIP: the original byte for byte, `manifest.json` (what the file is, how and when it came, every entry of
the log about it, the log's last seal), `manifest.hmac` over it with a key outside the database, `SHA256SUMS`,
and a page for the court in three languages.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tips.files import freezing, sealing_files
from tips.models import Attachment, Tip
from tips.refusals import TipRefused
from trust import audit, audit_mac, clock, keys, ring, vault
from trust.models import Officer
from trust.models.audit import AuditEntry, Seal

RIGHT = "tips.export_custody"
REASONS: Mapping[str, Promise] = {
    "court": _("Ordered by a court or a prosecutor"),
    "expert": _("For an expert's examination"),
    "competent_unit": _("Asked for by the unit that is competent"),
    "witness_asked": _("Asked for by whoever sent it"),
}
LANGUAGES = ("ar", "fr", "en")
_SUFFIXES = {
    b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"%PDF": ".pdf", b"OggS": ".ogg", b"#!AMR": ".amr",
    b"ID3": ".mp3", b"\x1a\x45\xdf\xa3": ".webm", b"GIF8": ".gif",
}  # fmt: skip


def export(attachment: Attachment, officer: Officer, reason: str) -> bytes:
    """Return the ZIP; `reason` is one of REASONS. What is frozen also needs the leave of two to look at it.

    Raise TipRefused: no_permission, not_yours, reason, not_open_frozen, not_kept, erased. The act is in the
    log, and in the ZIP.
    """
    _check(attachment, officer, reason)
    try:
        data = sealing_files.original(attachment)
    except (vault.NotKept, keys.SealBroken) as fault:
        raise TipRefused("not_kept") from fault
    except keys.KeyDestroyed as fault:
        raise TipRefused("erased") from fault
    if not data:
        raise TipRefused("not_kept")
    audit.record("attachment.exported", attachment, actor=officer, reason=reason)
    return _zipped(attachment, data, _manifest(attachment, data, officer, reason))


def is_genuine(exported: bytes) -> bool:
    """Say whether an export was made here and nothing in it was changed. Raise zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(exported)) as held:
        manifest, mac = held.read("manifest.json"), held.read("manifest.hmac").decode().strip()
        told = json.loads(manifest)
        original = hashlib.sha256(held.read(told["file"])).hexdigest()
    return hmac.compare_digest(_hmac(manifest), mac) and original == told["sha256"]


def _check(attachment: Attachment, officer: Officer, reason: str) -> None:
    if not officer.has_perm(RIGHT):
        raise TipRefused("no_permission")
    if not Tip.objects.for_officer(officer).filter(pk=attachment.tip_id).exists():
        raise TipRefused("not_yours")
    if reason not in REASONS:
        raise TipRefused("reason")
    is_frozen = attachment.state == Attachment.State.FROZEN
    if is_frozen and not freezing.is_open_to(attachment, officer):
        raise TipRefused("not_open_frozen")


def _manifest(attachment: Attachment, data: bytes, officer: Officer, reason: str) -> bytes:
    found, tip = hashlib.sha256(data).hexdigest(), attachment.tip
    told = {
        "file": f"original{_suffix(data)}",
        "sha256": found,
        "sha256_when_sealed": attachment.original_sha256,
        "is_unchanged": found == attachment.original_sha256,
        "sha256_said_by_sender": attachment.said_sha256,
        "size": len(data),
        "media_type_said_by_sender": attachment.media_type,
        "name_said_by_sender": attachment.name or "",
        "attachment": str(attachment.pk),
        "tip": {"id": str(tip.pk), "reference": tip.reference, "door": tip.door},
        "said_at": tip.said_at.isoformat(),
        "received_at": tip.received_at.isoformat(),
        "sealed_at": attachment.kept_at.isoformat() if attachment.kept_at else "",
        "verdict": attachment.verdict,
        "exported_at": clock.now().isoformat(),
        "exported_by": {"id": str(officer.pk), "name": officer.display_name, "reason": reason},
        "site": settings.SITE_NAME,
        "log": _log_of(attachment),
        "last_seal": _last_seal(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _log_of(attachment: Attachment) -> list[dict[str, Any]]:
    """Return every entry about the file and how its tip came, each with whether its HMAC is true."""
    about = AuditEntry.objects.filter(subject=attachment.pk)
    came = AuditEntry.objects.filter(subject=attachment.tip_id, action="tip.received")
    names = [*audit_mac.ENTRY_FIELDS, "mac"]
    return [
        {**{name: str(getattr(one, name) or "") for name in names}, "is_true": audit_mac.is_true(one)}
        for one in (about | came).order_by("id")
    ]


def _last_seal() -> dict[str, Any]:
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return {}
    return {"number": last.number, "hash": last.hash, "last_id": last.last_id, "at": last.at.isoformat()}


def _zipped(attachment: Attachment, data: bytes, manifest: bytes) -> bytes:
    told, out = json.loads(manifest), io.BytesIO()
    files = {told["file"]: data, "manifest.json": manifest, "manifest.hmac": _hmac(manifest).encode()}
    for language in LANGUAGES:
        with translation.override(language):
            files[f"README.{language}.txt"] = _readme(attachment, told).encode()
    sums = "".join(f"{hashlib.sha256(held).hexdigest()}  {name}\n" for name, held in files.items())
    moment = clock.now().timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as held:
        for name, content in {**files, "SHA256SUMS": sums.encode()}.items():
            held.writestr(zipfile.ZipInfo(name, (moment[0], *moment[1:])), content)
    return out.getvalue()


def _readme(attachment: Attachment, told: Mapping[str, Any]) -> str:
    lines = [
        _t("Evidence from the tip %(reference)s") % {"reference": attachment.tip.reference},
        _t("The file %(file)s is the original as it was received, byte for byte.") % {"file": told["file"]},
        _t("Its SHA-256 is %(sha256)s. Any program that computes SHA-256 must give the same.") % told,
        _t("It was received at %(received_at)s and sealed at %(sealed_at)s (UTC).") % told,
        _t("It was kept encrypted since; nobody can open it without leaving a line in the log.")
        if told["is_unchanged"]
        else _t("ATTENTION: its SHA-256 differs from the one written down when it was sealed."),
        _t("manifest.json holds those lines: who did what and when, each with its proof."),
        _t("manifest.hmac proves that manifest.json was made here: the police can check it with their key."),
        _t("What the file shows, and whether it is true, is not said by this."),
    ]
    return "\n\n".join(lines) + "\n"


def _suffix(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return ".mp4"
    return next((suffix for sign, suffix in _SUFFIXES.items() if data.startswith(sign)), ".bin")


def _hmac(manifest: bytes) -> str:
    return hmac.new(ring.named("custody"), manifest, hashlib.sha256).hexdigest()
