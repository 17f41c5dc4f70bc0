"""Walk one alert from a family's form to the recall, inside the scratch world this process lives in."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from alerts.models import Alert, Version
from alerts.subscribe import enrol_people
from cases.models import Case
from geo.shapes import Point
from notifier import outbox, registry
from notifier.models import Batch, Chunk, Post
from project import demo, processes
from project.browser import WalkError
from project.drill import result
from project.drill.actors import Family, OfficerAtDesk
from project.drill.actors import Receipt as FamilyReceipt
from project.drill.count import Told, write_people
from project.invented import drawn_face

__all__ = ["WalkError", "run"]

CHILD = "Yasmine"
FAMILY_NAME = "Zerhouni"
SEEN_BEFORE = timedelta(hours=2)
PATIENCE_S = 600.0
# What the family tells on the short screens after the first minute.
SCREENS: dict[str, dict[str, str | list[str]]] = {
    "child": {"family_name": FAMILY_NAME, "sex": "girl"},
    "photos": {},
    "clothes": {"clothing": "dress", "clothing-colour-dress": "red"},
    "looks": {"height": "128", "hair": "black_long"},
    "you": {"name": "Samira Zerhouni", "relation": "mother"},
    "consent": {"answer": "all"},
}

CALLED_BACK: dict[str, str | list[str]] = {"result": "confirmed", "relation": "mother"}


def run(*, recipients: int, out: Path | None, seed: int, quiet: bool) -> dict[str, Any]:
    """Return the drill's JSON (docs/drill.md); raises WalkError or WorldError where the way is broken.

    Must run in a scratch world: it fills the database and starts processes on the world's ports.
    """
    console = Console(stderr=True, quiet=quiet)
    simulated = settings.VAR_DIR / "simulated"
    with progress_bar(console) as bar:
        people = prepare(recipients, seed, bar)
        group = processes.members(simulated=simulated)
        with processes.running(group, settings.VAR_DIR / "logs") as started:
            walked = Walk(bar, people, started).go()
    made = result.assemble(walked, people, simulated, recipients)
    if out:
        keep(out, simulated, people, walked, made)
        made["artifacts"] = str(out)
    return made


def prepare(recipients: int, seed: int, bar: Progress) -> list[Told]:
    """Make database, officers and subscribers; return who they truly are and where."""
    step = bar.add_task("A town and its people", total=recipients)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    demo.make()
    invented = list(demo.people(recipients, seed))
    rows = [(who.address, who.channel, who.point.lat, who.point.lon, who.language) for who in invented]
    people: list[Told] = []
    for start in range(0, len(rows), 5_000):
        persons = enrol_people(rows[start : start + 5_000])
        for person, who in zip(persons, invented[start : start + 5_000], strict=True):
            people.append(Told(person, who.channel, who.address, who.point))
        bar.update(step, completed=len(people))
    return people


class Walk:
    """Go the journey step by step; each step is a person at a page."""

    def __init__(self, bar: Progress, people: list[Told], group: Mapping[str, Popen[bytes]]) -> None:
        self.bar = bar
        self.people = people
        self.group = group
        self.base = settings.PUBLIC_URL
        self.place = capital()
        self.pages: dict[str, bytes] = {}

    def go(self) -> result.Walked:
        receipt = self.step("A family reports", self.report)
        case = Case.objects.get(reference=receipt.reference)
        ines, omar = OfficerAtDesk(self.base, "ines"), OfficerAtDesk(self.base, "omar")
        self.step("Ines accepts, drafts, proposes", lambda: self.propose(ines, case))
        version = Version.objects.select_related("alert").get(state=Version.State.PROPOSED)
        self.step("Omar signs", lambda: self.sign(omar, version))
        self.wait_for_sending(version.alert)
        self.collect(version.alert, "live")
        self.step("Found: Ines closes the case", lambda: self.close(ines, case))
        self.wait_for_end(version.alert)
        self.collect(version.alert, "over")
        alert = Alert.objects.get(pk=version.alert_id)
        if alert.ended_at is None:
            raise WalkError("the alert did not end with its case")
        version.refresh_from_db()
        case.refresh_from_db()
        return result.Walked(case, version, alert.ended_at, self.pages)

    def step(self, words: str, act: Any) -> Any:
        task = self.bar.add_task(words, total=1)
        if not self.bar.console.is_terminal:
            self.bar.console.print(words)
        answer = act()
        self.bar.update(task, completed=1)
        return answer

    def report(self) -> FamilyReceipt:
        seen = timezone.localtime(timezone.now() - SEEN_BEFORE, demo.zone())
        family = Family(self.base, settings.LANGUAGES[0][0])
        receipt = family.report(first_minute(seen, self.place))
        for screen, values in SCREENS.items():
            family.tell(screen, values, drawn_face() if screen == "photos" else None)
        return receipt

    def propose(self, ines: OfficerAtDesk, case: Case) -> None:
        ines.sign_in()
        page = ines.open(f"/police/cases/case/{case.pk}/change/")
        for act in ("/accept/", "/spoken/", "/open/"):
            page = ines.press(page, act, CALLED_BACK if act == "/spoken/" else None)
        form = ines.open(page.link("/draft/"))
        version = form.submit(form.form_with("channels"), {"channels": registry.channels()}).expect()
        ines.press(version, "/propose/")

    def sign(self, omar: OfficerAtDesk, version: Version) -> None:
        omar.sign_in()
        omar.press(omar.open(f"/police/alerts/version/{version.pk}/change/"), "/sign/")

    def close(self, ines: OfficerAtDesk, case: Case) -> None:
        page = ines.open(f"/police/cases/case/{case.pk}/close/")
        values = {"outcome": "found_safe", "reason": "drill", "confirm": "on"}
        page.submit(page.form_with("outcome"), values).expect()

    def wait_for_sending(self, alert: Alert) -> None:
        """Wait until every delivery is final, the post stands, and receipts stopped coming."""
        task = self.bar.add_task("Telling people", total=None)

        def done() -> bool:
            alert.refresh_from_db()
            if alert.state != Alert.State.LIVE:
                return False
            counts = outbox.equation([alert.pk])
            self.bar.update(task, completed=counts.targeted - counts.queued, total=counts.targeted or None)
            posts = Post.objects.filter(subject=alert.pk)
            posted = all(post.done_at for post in posts)
            return result.recording_is_done(alert) and not counts.queued and posted and receipts_are_in(alert)

        self.wait(done, "every message to be accepted and receipted")

    def wait_for_end(self, alert: Alert) -> None:
        """Wait until the all-clear reached everyone told and the ledger has no silent line."""
        task = self.bar.add_task("All-clear and recall", total=None)
        subjects = result.end_subjects(alert)

        def done() -> bool:
            counts = outbox.equation(subjects)
            self.bar.update(task, completed=counts.targeted - counts.queued, total=counts.targeted or None)
            open_chunks = Chunk.objects.filter(
                batch__subject__in=[alert.pk, *subjects], done_at=None
            ).exists()
            silent = [line for line in result.ledger_lines(alert) if line.is_silent]
            written = not Batch.objects.filter(subject__in=subjects, recorded_at=None).exists()
            return written and not counts.queued and not open_chunks and not silent

        self.wait(done, "the all-clear and the recall")

    def wait(self, done: Callable[[], bool], what: str) -> None:
        def ready() -> bool:
            processes.refuse_dead(self.group, settings.VAR_DIR / "logs")
            return done()

        processes.wait_until(ready, PATIENCE_S, what)

    def collect(self, alert: Alert, moment: str) -> None:
        """Fetch what the public and machines can see now."""
        browser = Family(self.base, "en").browser
        for language, _name in settings.LANGUAGES:
            self.pages[f"pages/{moment}-{language}.html"] = browser.get(
                f"/{language}/a/{alert.code}/"
            ).response.content
        for name in ("cap.atom", "cap.rss", "alerts.json"):
            self.pages[f"feeds/{moment}-{name}"] = browser.get(f"/feeds/{name}").response.content
        for document in result.documents(alert):
            answer = browser.get(f"/a/{alert.code}/cap/{document.identifier}.xml")
            if answer.status == 200:
                self.pages[f"cap/{document.identifier}.xml"] = answer.response.content


def capital() -> Point:
    return settings.COUNTRY.capital


def first_minute(seen: datetime, place: Point) -> dict[str, str | list[str]]:
    """Return what the family fills in first: an invented girl last seen in the capital."""
    return {
        "name_1": CHILD,
        "age_1": "9",
        "last_seen_words": settings.COUNTRY.gazetteer.nearest(place).label("ar"),
        "lat": f"{place.lat:.5f}",
        "lon": f"{place.lon:.5f}",
        "ago": "other",
        "seen_date": f"{seen:%Y-%m-%d}",
        "seen_time": f"{seen:%H:%M}",
        "phone": demo.FAMILY_PHONES[settings.COUNTRY.phone_region],
    }


def receipts_are_in(alert: Alert) -> bool:
    """Say whether each message that was accepted has its receipt folded in, where a channel has any."""
    reporting = [name for name in registry.channels() if registry.backend_class(_alias(name)).has_receipts]
    counted = result.by_channel([alert.pk])
    return all(counted[name].delivered >= counted[name].accepted for name in reporting if name in counted)


def _alias(channel: str) -> str:
    return registry.aliases_for(channel)[0]


def keep(out: Path, simulated: Path, people: list[Told], walked: result.Walked, made: dict[str, Any]) -> None:
    """Copy what was received and shown to the folder the caller named."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("received", "refused"):
        shutil.copytree(simulated / name, out / name, dirs_exist_ok=True)
    write_people(out / "people.csv", people)
    result.write_ledger(out / "ledger.json", walked)
    for name, content in walked.pages.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    result.write(out / "drill.json", made)


@contextmanager
def progress_bar(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty() and console.quiet) as bar:
        yield bar
