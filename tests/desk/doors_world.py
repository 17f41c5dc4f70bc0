"""One case in every stage at the unit of Agdal, and officers of every role in three places. All invented."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django_celery_beat.models import PeriodicTask

from alerts.fanout import fan_out
from alerts.models import Version
from cases import conflict, owning, receiving, transfer
from cases.accept import open_file
from cases.models import Case, Resemblance, StepCount
from cases.report import receive
from cases.reported import ReportedVoice
from notifier.models import Batch, Post
from tests import people
from tests.alerts import scene
from tests.tips.test_intake import arrives
from tips.models import Tip
from trust import clock
from trust.models import Agency, AuditEntry, Officer, Shift, Task, Unit
from trust.roles import Role

OWN, SIBLING, FOREIGN = "own unit", "another unit of the force", "another force"
PLACES = (OWN, SIBLING, FOREIGN)
# What a page of the case would show.
PLANTED = (*scene.RESTRICTED, "Amina", "El Idrissi", "أمينة")


@dataclass(frozen=True)
class Person:
    """Somebody who knocks: a role at a place, or one of NOBODIES."""

    role: str
    place: str = OWN

    def __str__(self) -> str:
        return f"{self.role}, {self.place}"


NOBODIES = ("nobody", "inactive", "superuser")
PEOPLE = tuple(
    [Person(role, place) for place in PLACES for role in Role] + [Person(name) for name in NOBODIES]
)


def unit_at(place: str) -> Unit:
    if place == OWN:
        return people.unit()
    return people.unit("hassan") if place == SIBLING else people.unit("x", people.agency("autre"))


def account(who: Person) -> Officer | None:
    """Return the account of that person; Ines and Omar are the officer and the approver of Agdal."""
    known = {("officer", OWN): people.ines, ("approver", OWN): people.omar}.get((who.role, who.place))
    if known:
        return known()
    if who.role == "nobody":
        return None
    roles = [who.role] if who.role not in NOBODIES else [Role.APPROVER] if who.role == "inactive" else []
    made = people.officer(f"{who.role}-{PLACES.index(who.place)}", *roles, at=unit_at(who.place))
    Officer.objects.filter(pk=made.pk).update(
        is_active=who.role != "inactive", is_superuser=who.role == "superuser"
    )
    return Officer.objects.get(pk=made.pk)


def cookie(officer: Officer | None) -> str:
    """Return the session of somebody who has just used a second factor; "" for nobody."""
    client = Client()
    if officer:
        people.login(client, officer)
    return client.cookies["session"].value if officer else ""


class World:
    """Hold what opens each page: the keys of one row for every stage that an act needs."""

    def __init__(self) -> None:
        self.people = {who: account(who) for who in PEOPLE}
        people.unit().duty_officer = people.ines()
        Unit.objects.filter(pk=people.unit().pk).update(duty_officer=people.ines())
        scene.neighbours(2)
        self.keys: dict[str, dict[str, str]] = {"": {}}
        self._cases()
        self._alerts()
        self._registers()
        self.cookies = {who: cookie(officer) for who, officer in self.people.items()}

    def _cases(self) -> None:
        new = receive(scene.report()).case
        held = scene.case()
        searched = scene.case()
        open_file(searched, people.ines())
        for case in (held, searched):
            voice = ReportedVoice("start", b"\xff\xfb", b"\xff\xfb", 1.0)
            receiving.add_voice(case, None, voice, clock.now())
        Resemblance.objects.update_or_create(
            case=searched, other=held,
            defaults={"band": "probable", "score": 0.9, "found_at": clock.now()},
        )  # fmt: skip
        disputed, offered, asked, elsewhere = (scene.case() for _number in range(4))
        conflict.raise_conflict(disputed, "custody_order", people.ines())
        people.officer("samir", Role.OFFICER, at=people.unit())
        owning.Task.open(owning.HAND_OVER, offered.pk, subject_kind="case", unit=offered.unit)
        transfer.ask(asked, people.ines(), people.unit("sale"), "Elle habite là.")
        self._of_transfer(elsewhere)
        for stage, case in {
            "received": new, "review": held, "open": searched, "disputed": disputed, "offered": offered,
            "asked away": asked,
        }.items():  # fmt: skip
            self.keys[stage] = self.of_case(case)

    def _of_transfer(self, case: Case) -> None:
        """Have a third unit of the force ask Agdal to take a case."""
        Case.objects.filter(pk=case.pk).update(unit=people.unit("sale"))
        asking = people.officer("sofia", Role.OFFICER, at=people.unit("sale"))
        asked = transfer.ask(Case.objects.get(pk=case.pk), asking, people.unit(), "Il habite chez vous.")
        self.keys["asked of us"] = {"transfer_pk": str(asked.pk)}

    def of_case(self, case: Case) -> dict[str, str]:
        key = str(case.pk)
        twin = Resemblance.objects.filter(case=case).first()
        note = case.voice_notes.first()
        return {
            "pk": key, "object_id": key, "case_pk": key,
            "photo_pk": str(case.children.get().photos.get().pk),
            "voice_pk": str(note.pk) if note else key,
            "twin_pk": str(twin.pk) if twin else key,
            "screen": "child", "number": "1",
        }  # fmt: skip

    def _alerts(self) -> None:
        draft, proposed, live = scene.drafted(), scene.proposed(), scene.signed()
        fan_out(live.pk)
        self.versions = {
            stage: Version.objects.get(pk=version.pk)
            for stage, version in {"draft": draft, "proposed": proposed, "signed": live}.items()
        }
        for stage, version in self.versions.items():
            self.keys[stage] = of_row(version)
        self.keys["live"] = of_row(live.alert)

    def _registers(self) -> None:
        from django.utils import timezone

        day = clock.now() + timedelta(days=2)
        arrives("أعتقد أنني رأيت الطفلة قرب المحطة")
        Tip.objects.update(unit=people.unit())
        shift = Shift.objects.create(
            unit=people.unit(), officer=people.ines(), starts_at=day, ends_at=day + timedelta(hours=8)
        )
        task = Task.open("check_post", Post.objects.first().pk, subject_kind="post", unit=people.unit())
        count = StepCount.objects.create(day=timezone.localdate(), screen="child", language="fr", shown=3)
        other = people.officer("karim", Role.OFFICER, at=people.unit())
        rows: dict[str, Any] = {
            "task": task, "shift": shift, "stepcount": count, "officer": other, "unit": people.unit(),
            "agency": Agency.objects.get(code="surete"), "tip": Tip.objects.first(),
            "batch": Batch.objects.filter(kind="alert").first(), "post": Post.objects.first(),
            "auditentry": AuditEntry.objects.first(), "periodictask": PeriodicTask.objects.first(),
        }  # fmt: skip
        self.keys |= {name: of_row(row) for name, row in rows.items()}


def of_row(row: Any) -> dict[str, str]:
    return {"pk": str(row.pk), "object_id": str(row.pk)}
