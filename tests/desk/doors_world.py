"""One case in every stage at the unit of Agdal, and officers of every role in three places. All invented."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django_celery_beat.models import PeriodicTask

from alerts import issue
from alerts.fanout import fan_out
from alerts.issue.ordering import Paper
from alerts.models import Partner, Version
from alerts.paging import EVERYBODY_AFTER
from cases import conflict, owning, receiving, sightings, transfer
from cases.accept import open_file
from cases.found import deciding
from cases.models import Case, FoundMatch, Resemblance, SeenPost, StepCount
from cases.report import receive
from cases.reported import ReportedPhoto, ReportedPlace, ReportedVoice
from cases.sightings import Seen
from notifier.models import AliasHealth, Batch, Post
from tests import people
from tests.alerts import handed, scene, stating, test_orders, test_releasing
from tests.cases import a_found_child, family
from tests.desk import doors_tips
from trust import clock, granting, vault
from trust.models import (
    Agency,
    AuditEntry,
    Decision,
    Glass,
    Officer,
    ReadingFlag,
    Shift,
    SignIn,
    Task,
    Unit,
)
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
        self._found()
        self._alerts()
        self._orders()
        self._registers()
        self.statements = stating.stages()
        self.keys |= {stage: of_row(row) for stage, row in self.statements.items()}
        self._watched()
        self.cookies = {who: cookie(officer) for who, officer in self.people.items()}
        beyond = {"unit": people.unit("sale"), "owner": people.ines()}  # last: any sign-in may mend it
        Case.objects.filter(pk=self.keys["held beyond"]["pk"]).update(**beyond)
        self.last_entry = AuditEntry.objects.values_list("pk", flat=True)[0]

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
        Task.open(owning.HAND_OVER, offered.pk, subject_kind="case", unit=offered.unit)
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

    def _found(self) -> None:
        """Put three children on file: one who waits, one who may be Yasmine of a report, one given back."""
        case = family.a_case()
        found, alike, before = (
            a_found_child.of(people.ines(), name_said=name) for name in ("Nabil", "ياسمين", "Adam")
        )
        deciding.close(before, people.ines(), "returned", "Rendu à sa mère.")
        match, _made = FoundMatch.objects.update_or_create(
            found=alike, case=case,
            defaults={
                "child": case.children.get(), "band": "probable", "score": 0.9, "matched_at": clock.now(),
            },
        )  # fmt: skip
        self.keys |= {"found": of_row(found), "found before": of_row(before)}
        self.keys["match"] = {"match_pk": str(match.pk)}
        posted = family.a_case()
        picture = ReportedPhoto(scene.jpeg(), scene.jpeg(), 60, 80)
        post = SeenPost(case=posted, network="facebook", noted_by=people.ines())
        post.seen_at = post.added_at = clock.now()
        post.original_key = post.clean_key = vault.put(posted.pk, picture.clean)
        post.save(force_insert=True)
        self.keys["seen"] = {"pk": str(posted.pk), "capture_pk": str(post.pk)}
        where = Seen(ReportedPlace("souk de Salé"), clock.now(), "likely", "witness")
        sighting = sightings.add(posted, people.ines(), where)
        self.keys["sighted"] = {"pk": str(posted.pk), "sighting_pk": str(sighting.pk)}

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
        draft, proposed, urgent, live = (
            scene.drafted(), scene.proposed(), scene.proposed(), scene.signed(),
        )  # fmt: skip
        Version.objects.filter(pk=urgent.pk).update(proposed_at=clock.now() - 2 * EVERYBODY_AFTER)
        worded = test_releasing.saying()
        asked = test_releasing.ask(test_releasing.saying())
        self.keys["asked release"] = {"pk": str(asked.version_id), "release_pk": str(asked.pk)}
        self.release_digest = Decision.objects.get(subject=asked.pk).digest
        fan_out(live.pk)
        self.versions = {
            stage: Version.objects.get(pk=version.pk)
            for stage, version in {
                "draft": draft,
                "proposed": proposed,
                "signed": live,
                "urgent": urgent,
                "worded": worded,
            }.items()
        }
        for stage, version in self.versions.items():
            self.keys[stage] = of_row(version)
        self.keys["live"] = {
            **of_row(live.alert), "case_pk": str(live.alert.case_id), "alert_pk": str(live.alert_id),
        }  # fmt: skip
        self._owed()
        self._by_hand()

    def _by_hand(self) -> None:
        """Have a relay told and a dossier made ready; nobody has answered yet."""
        relay = handed.relay()
        told = scene.signed(handed.a_case(), channels=handed.CHANNELS)
        fan_out(told.pk)
        self.keys["relay"] = of_row(relay)
        self.keys["told relay"] = of_row(told.relay_notices.get())
        self.keys["dossier"] = {**of_row(told.dossier), "form": "json"}

    def _owed(self) -> None:
        """End an alert whose post its provider would not take back: a person must."""
        over = scene.signed(channels=["facebook"])
        fan_out(over.pk)
        post = Post.objects.get(subject=over.alert_id)
        Post.objects.filter(pk=post.pk).update(state="posted", external_id="1_2")
        issue.stand_down(over.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
        task = Task.open("recall_post", post.pk, subject_kind="post", unit=people.unit())
        Post.objects.filter(pk=post.pk).update(recall_state="task", task=task.pk)
        self.keys["owed"] = {**of_row(over.alert), "post_pk": str(post.pk)}

    def _orders(self) -> None:
        order = test_orders.record(scene.case(), paper=Paper(scene.jpeg(), scene.jpeg()), words="")
        hold, asked = (test_orders.record(scene.case(), "hold") for _number in range(2))
        issue.ask_release(asked, people.ines(), "Levée par le substitut Bennis.")
        rows = {"order": order, "hold": hold, "hold to release": asked}
        self.keys |= {name: of_row(row) for name, row in rows.items()}

        partner, _made = Partner.objects.get_or_create(key="radio", defaults={"name": "Radio Atlas"})
        self.keys["partner"] = of_row(partner)

    def _watched(self) -> None:
        """Have a case opened in an emergency, reading flagged, a new right asked for, a session begun."""
        karim, now = Officer.objects.get(pk=self.keys["officer"]["pk"]), clock.now()
        grant = granting.ask(karim, "role:approver", people.nadia())
        flag = ReadingFlag.objects.create(
            officer=karim, unit=people.unit(), kind="many", count=30, raised_at=now,
            window_start=now - timedelta(hours=1), window_end=now,
        )  # fmt: skip
        login = Client()
        people.login(login, karim)
        glass = Glass.objects.create(
            officer=karim, subject=self.keys["open"]["pk"], unit=people.unit(), ground="life",
            flag=flag,
            opened_at=now, until=now + timedelta(hours=1),
        )  # fmt: skip
        signin = SignIn.objects.filter(officer=karim).first() or SignIn.objects.first()
        rows = {"grant": grant, "flag": flag, "glass": glass, "signin": signin}
        self.keys |= {name: of_row(row) for name, row in rows.items()}
        held_beyond, beyond = scene.case(), scene.case()
        self.keys["held beyond"] = of_row(held_beyond)
        far = people.unit("loin", people.agency("tierce"))
        Case.objects.filter(pk=beyond.pk).update(unit=far, agency=far.agency)
        self.beyond = beyond.reference

    def _registers(self) -> None:
        from django.utils import timezone

        day = clock.now() + timedelta(days=2)
        self.keys |= doors_tips.stages()
        shift = Shift.objects.create(
            unit=people.unit(), officer=people.ines(), starts_at=day, ends_at=day + timedelta(hours=8)
        )
        task = Task.open("check_post", Post.objects.all()[0].pk, subject_kind="post", unit=people.unit())
        count = StepCount.objects.create(day=timezone.localdate(), screen="child", language="fr", shown=3)
        now = clock.now()
        gateway = AliasHealth.objects.create(alias="sms", channel="sms", since=now, checked_at=now)
        other = people.officer("karim", Role.OFFICER, at=people.unit())
        rows: dict[str, Any] = {
            "gateway": gateway,
            "task": task, "shift": shift, "stepcount": count, "officer": other, "unit": people.unit(),
            "agency": Agency.objects.get(code="surete"),
            "batch": Batch.objects.filter(kind="alert").first(), "post": Post.objects.first(),
            "auditentry": AuditEntry.objects.first(), "periodictask": PeriodicTask.objects.first(),
        }  # fmt: skip
        self.keys |= {name: of_row(row) for name, row in rows.items()}


def of_row(row: Any) -> dict[str, str]:
    return {"pk": str(row.pk), "object_id": str(row.pk)}
