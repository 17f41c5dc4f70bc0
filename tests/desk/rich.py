"""A case that holds much, and a second report of the same child. All invented."""

from datetime import date, timedelta

from cases import receiving
from cases.accept import accept
from cases.models import Case, Child, Resemblance, VoiceNote
from cases.report import receive
from cases.reported import (
    ConsentGiven,
    Report,
    ReportedChild,
    ReportedPhoto,
    ReportedPlace,
    ReportedVoice,
    Reporter,
)
from cases.same_child import look_for
from cases.telling import Told, amend, tell
from tests import people
from tests.alerts import scene
from trust import clock

SOUND = b"\xff\xfb\x90\x00" + bytes(range(256)) * 8
BROTHER = ReportedChild("Yassir", "El Idrissi", age_months=14, sex="boy", facts={"hair": "black_short"})
SISTER = ReportedChild(
    "Amina",
    "El Idrissi",
    name_latin="Amina El Idrissi",
    name_arabic="أمينة الإدريسي",
    birth_date=date(2017, 5, 3),
    sex="girl",
    facts={
        "nickname": "Mimi",
        "languages_spoken": ["ar", "fr"],
        "clothing": [
            {"garment": "dress", "colour": "red"},
            {"garment": "sandals", "colour": "black"},
            {"garment": "barefoot", "colour": ""},
        ],
        "carried": [{"garment": "schoolbag", "colour": "blue"}],
        "height": 130,
        "weight": 28,
        "hair": "black_long",
        "marks": ["scar_arm"],
        "health_now": ["asthma", "medicine_needed"],
        "medicine": "Ventoline, deux bouffées",
        "medicine_hours": 12,
        "routine": [{"days": ["mon", "fri"], "part": "afternoon", "what": "club de natation"}],
        "worry": ["quarrel"],
        "accounts": [{"network": "tiktok", "name": "mimi.danse"}],
    },
    photos=(
        ReportedPhoto(scene.jpeg(), scene.jpeg(), 60, 80, date(2026, 1, 5)),
        ReportedPhoto(scene.jpeg("blue"), scene.jpeg("blue"), 60, 80),
    ),
)
WORDS_FR = "Elle est sortie acheter du pain et n’est pas revenue."


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "language": "fr",
        "children": (SISTER, BROTHER),
        "last_seen_at": clock.now() - timedelta(hours=2),
        "last_seen": ReportedPlace("12 rue des Orangers", point=scene.AGDAL, error_m=100, source="tapped"),
        "reporter": Reporter("Karim Benali", "+212612345678", "father"),
        "places": (
            ReportedPlace(
                "chez Houda, rue des Oliviers",
                kind="friend",
                details={
                    "person": "Houda",
                    "phone": "+212612345670",
                    "often": "each_week",
                    "days": ["sat"],
                    "part": "evening",
                    "found_before": True,
                },
            ),
            ReportedPlace("gare d’Agdal", kind="station", point=scene.AGDAL, error_m=200),
        ),
        "consent": ConsentGiven(scene.FIELDS, ("web", "sms"), "j’accepte", "test", "fr", authority="parent"),
        "facts": {
            "circumstances": WORDS_FR,
            "transport": "on_foot",
            "custody": "none",
            "direction": "unknown",
        },
        "voices": (ReportedVoice("start", SOUND, SOUND, 12.4),),
        "doubts": ("said_only", "no_work"),
    }
    return Report(**{**values, **changes})  # type: ignore[arg-type]  # tests need no more


def case(**changes: object) -> Case:
    """Return a case of two children that Ines works on, told and corrected over a day."""
    people.unit()
    made = receive(report(**changes)).case
    accept(made, people.ines())
    child = made.children.get(position=0)
    enrich(made, child)
    return Case.objects.get(pk=made.pk)


def enrich(made: Case, child: Child) -> None:
    ines, now = people.ines(), clock.now()
    tell(made, child, {"height": 134}, Told("officer", "fr", ines))
    by_phone = Told("assisted", "ar", ines)
    tell(made, child, {"marks_note": "شامة صغيرة قرب الأذن"}, by_phone)
    on_paper = Told("paper", "ar", ines, now - timedelta(hours=5))
    tell(made, child, {"hobby_note": "تحب كرة القدم"}, on_paper)
    amend(child, "name", {"given_name": "Aminatou"}, Told("officer", "fr", ines))
    for field in ("medicine", "worry_note"):
        voice = ReportedVoice(field, SOUND, SOUND, 7.0)
        receiving.add_voice(made, child, voice, now, language="ar")


def uncle(of: Case) -> Case:
    """Return the report of an uncle in the other script, found to be like the first."""
    told = ReportedChild("أمينة", "الإدريسي", name_arabic="أمينة الإدريسي", age_years=8, sex="girl")
    made = receive(
        report(
            language="ar",
            children=(told,),
            reporter=Reporter("حسن الإدريسي", "+212612345699", "uncle_aunt"),
            places=(),
            consent=None,
            facts={"circumstances": "خرجت ولم ترجع"},
            voices=(),
            doubts=(),
            last_seen_at=of.last_seen_at,
        )
    ).case
    if not Resemblance.objects.filter(case=made, other=of).exists():
        look_for(made)
    return made


def voice(of: Case) -> VoiceNote:
    return of.voice_notes.get(field="start")
