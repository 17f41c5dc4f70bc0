"""Whatever page shows something of a case, the log holds that it was looked at: asked of every address."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from tests.desk.doors import doors
from tests.desk.doors_world import OWN, PLANTED, Person, World
from tests.desk.test_every_door import Visit
from trust.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# They list the live alerts with what the public page of each says: the world reads that.
PUBLIC = frozenset({"tips_call", "tips_found"})
FILES = (b"\xff\xd8", b"%PDF", b"\xff\xfb")  # a photo, a document, a voice


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def shows_a_case(page: bytes) -> bool:
    return page.startswith(FILES) or any(word.encode() in page for word in PLANTED)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.OFFICER, Role.APPROVER, Role.COMMUNICATOR])
def test_every_page_that_shows_a_case_leaves_a_look(world: World, role: str) -> None:
    client, unseen, shown = Client(raise_request_exception=False), [], 0
    for door in doors():
        visit = Visit(world, client, Person(role, OWN), door, "get")
        if visit.answer.status_code == 200 and shows_a_case(visit.answer.getvalue()):
            shown += 1
            unseen += [door.name] if not visit.acts and door.name not in PUBLIC else []
    assert unseen == []
    assert shown >= (1 if role == Role.COMMUNICATOR else 5)
