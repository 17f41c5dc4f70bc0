"""The original goes out as evidence: whole, with its digest, its way and the log's lines about it."""

import io
import json
import zipfile

import pytest

from tests.people import ines, lea, officer, omar
from tests.tips import arrivals
from tips.files import custody, sealing_files
from tips.refusals import TipRefused
from trust import audit, keys, vault
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


def refusal(*arguments):
    with pytest.raises(TipRefused) as refused:
        custody.export(*arguments)
    assert str(refused.value)
    return refused.value.code


def opened(exported):
    with zipfile.ZipFile(io.BytesIO(exported)) as held:
        return {name: held.read(name) for name in held.namelist()}


def test_the_export_holds_the_original_and_every_line_about_it():
    data = arrivals.jpeg(1)
    row = arrivals.worked(data)
    audit.seal()
    exported = custody.export(row, omar(), "court")
    files = opened(exported)
    told = json.loads(files["manifest.json"])
    assert files["original.jpg"] == data
    assert (told["sha256"], told["is_unchanged"], told["size"]) == (vault.sha256(data), True, len(data))
    assert [line["action"] for line in told["log"]][-3:] == [
        "attachment.sealed", "attachment.copied", "attachment.exported",
    ]  # fmt: skip
    assert all(line["is_true"] for line in told["log"])
    assert told["last_seal"]["hash"]
    assert f"{vault.sha256(data)}  original.jpg" in files["SHA256SUMS"].decode()
    for language in custody.LANGUAGES:
        assert vault.sha256(data) in files[f"README.{language}.txt"].decode()
    assert custody.is_genuine(exported)
    entry = AuditEntry.objects.get(action="attachment.exported")
    assert (entry.actor, entry.reason, entry.subject) == (omar().pk, "court", row.pk)


def test_a_changed_export_is_not_genuine():
    exported = custody.export(arrivals.worked(arrivals.jpeg(1)), omar(), "expert")
    files = opened(exported)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as forged:
        for name, content in files.items():
            forged.writestr(name, content.replace(b'"court"', b"x").replace(b"Omar", b"Ines"))
    assert not custody.is_genuine(held.getvalue())


def test_no_address_of_a_witness_and_no_words_are_in_it():
    row = arrivals.worked(arrivals.jpeg(1))
    text = b"".join(opened(custody.export(row, omar(), "court")).values())
    assert "شفت".encode() not in text


def test_it_needs_its_right_its_desk_and_a_reason():
    row = arrivals.worked(arrivals.jpeg(1))
    assert refusal(row, ines(), "court") == "no_permission"
    assert refusal(row, officer("rim", Role.APPROVER, at=lea().unit), "court") == "not_yours"
    assert refusal(row, omar(), "because") == "reason"
    assert not AuditEntry.objects.filter(action="attachment.exported").exists()


def test_what_is_gone_or_erased_is_said():
    row = arrivals.worked(arrivals.jpeg(1))
    for key in sealing_files.keys_of(row):
        vault.delete(key)
    assert refusal(row, omar(), "court") == "not_kept"
    other = arrivals.worked(arrivals.jpeg(1))
    keys.destroy(other.tip_id)
    keys.forget()
    assert refusal(arrivals.fresh(other), omar(), "court") == "erased"
