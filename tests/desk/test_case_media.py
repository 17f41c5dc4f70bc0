"""Voice notes and photos at the desk: played by every browser, seen by who may, cached by nobody."""

import pytest
from django.urls import reverse

from tests import people
from tests.desk import pages, rich
from trust import keys
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


def address(of, note) -> str:
    return reverse("admin:cases_case_voice", args=[of.pk, note.pk])


def test_a_voice_note_plays_whole_and_is_kept_by_no_cache(desk) -> None:
    case = rich.case()
    answer = desk(people.ines()).get(address(case, rich.voice(case)))
    assert answer.status_code == 200
    assert answer.content == rich.SOUND
    assert answer["Content-Type"] == "audio/mpeg"
    assert answer["Accept-Ranges"] == "bytes"
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.filter(action="viewed", subject=case.pk, purpose="voice note").count() == 1


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-1", 206, 0, 1),
        ("bytes=100-", 206, 100, None),
        ("bytes=-10", 206, -10, None),
        ("bytes=0-999999", 206, 0, None),
        ("bytes=99999999-", 416, 0, 0),
        ("bytes=5-2", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("lines=0-1", 200, 0, None),
    ],
)
def test_a_range_is_answered_as_safari_asks(desk, asked, status, start, end) -> None:
    case = rich.case()
    answer = desk(people.ines()).get(address(case, rich.voice(case)), headers={"Range": asked})
    whole = rich.SOUND
    first = start if start >= 0 else len(whole) + start
    last = len(whole) - 1 if end is None else end
    assert answer.status_code == status
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{len(whole)}"
        return
    assert answer.content == whole[first : last + 1]
    if status == 206:
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
        assert answer["Content-Type"] == "audio/mpeg"


def test_a_note_on_a_restricted_field_wants_the_right_to_it(desk) -> None:
    case = rich.case()
    client, note = desk(people.ines()), case.voice_notes.get(field="medicine")
    assert client.get(address(case, note)).status_code == 200
    pages.take_right(Role.OFFICER, "view_restricted")
    assert client.get(address(case, note)).status_code == 403
    assert client.get(address(case, rich.voice(case))).status_code == 200


def test_a_note_opens_under_its_own_case_alone(desk) -> None:
    case, other = rich.case(), rich.case()
    client = desk(people.ines())
    assert client.get(address(other, rich.voice(case))).status_code == 404
    assert desk(people.lea()).get(address(case, rich.voice(case))).status_code == 404


def test_an_erased_note_is_gone(desk) -> None:
    case = rich.case()
    note = rich.voice(case)
    keys.destroy(case.pk)
    assert desk(people.ines()).get(address(case, note)).status_code == 404
