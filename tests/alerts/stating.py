"""Statements as the tests write them: an old video said to be of today. All invented."""

from typing import Any

from alerts import statements
from alerts.models import Statement
from alerts.statements import checking
from tests import people
from trust import clock

LINK = "https://m.facebook.com/watch/?v=1234567890123&fbclid=IwAR0xyz"
WORDS = (
    "ATTENTION ! Une camionnette blanche enlève des enfants devant l’école Ibn Sina à Salé, hier deux "
    "fillettes ont disparu. Partagez vite !!!"
)
TEXTS = {
    "ar": {"title": "هذا الفيديو قديم", "body": "الفيديو المتداول يعود إلى سنة 2019 وصُوّر في بلد آخر."},
    "fr": {"title": "Cette vidéo est ancienne", "body": "La vidéo date de 2019 et a été tournée ailleurs."},
    "en": {"title": "This video is old", "body": "The video is from 2019 and was filmed elsewhere."},
}
REASON = "Ce n’est pas encore prouvé."


def drafted(**more: Any) -> Statement:
    told = {"kind": "old_footage", "texts": TEXTS, "link": LINK, "words": WORDS, **more}
    return statements.draft(people.ines(), **told)


def proposed(row: Statement | None = None, **more: Any) -> Statement:
    """Propose as who ticks every warning as seen."""
    draft = row or drafted(**more)
    people.omar()
    return statements.propose(draft, people.ines(), seen=[one.key for one in checking.findings(draft)])


def signed(row: Statement | None = None, **more: Any) -> Statement:
    told = proposed(row, **more)
    return statements.sign(told, people.omar(), digest=told.digest, factor_at=clock.now())


def stages() -> dict[str, Statement]:
    """Return a statement for every act at the desk, by the name that its rows of the table have."""
    refused, asked = proposed(), signed()
    statements.refuse(refused, people.omar(), REASON)
    statements.ask_withdrawal(asked, people.ines(), REASON)
    return {
        "statement draft": drafted(),
        "statement": proposed(),
        "statement refused": refused,
        "statement signed": signed(),
        "statement to withdraw": asked,
    }
