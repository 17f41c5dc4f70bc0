# ruff: noqa: E501  (a draft a line: its three languages are compared by eye)
"""Drafts for the lint, made by the program's own sentences: honest ones of three countries. All invented."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from alerts import language
from alerts.composing import WORDINGS
from alerts.known import Frame, Known
from alerts.lint import Draft, Photo, Secrets, Text, strings

LANGUAGES = ("ar", "fr", "en")
NUMBERS = {
    "ma": ("+212537999999", "0537999999"),
    "ga": ("+24111777777", "011777777"),
    "eg": ("+20227999999", "0227999999"),
}
ZONES = {"ma": "Africa/Casablanca", "ga": "Africa/Libreville", "eg": "Africa/Cairo"}
ELEMENTS = frozenset({"source", "event", "description", "place", "time", "action", "contact"})
AGENCY = {"ar": "الشرطة", "fr": "Police nationale", "en": "National Police"}
SECRETS = Secrets(
    addresses=("12 rue des Orangers, Agdal, Rabat", "شارع النخيل رقم 7"),
    phones=("+212612345678", "0661 22 33 44"),
    people=("Karim Benali", "سعيد المريني"),
    siblings=("Youssef", "يوسف"),
    plates=("Dacia 12345-أ-6",),
    health=("asthme sévère, prend de la Ventoline", "asthme", "الربو", "asthma"),
    family=("dispute violente entre les parents",),
    companion=("un voisin, Hassan Tazi, 35 ans", "Dacia grise"),
)


def draft(
    country: str = "ma", known: Known | None = None, additions: dict[str, str] | None = None, **changes
) -> Draft:
    number, shown = NUMBERS[country]
    zone = ZoneInfo(ZONES[country])
    known = known or child()
    frame = Frame("KX7P2M4Q", "actual", "https://najda.example/a/KX7P2M4Q/", number, shown, zone, AGENCY)
    texts = [
        Text(code, channel, "\n".join(strings(say(frame, known, language.load(code)).words)))
        for code in LANGUAGES
        for channel, say in WORDINGS.items()
    ]
    made = Draft(
        messages=tuple(texts), languages=LANGUAGES, number=number, additions=additions or {},
        names=tuple(known.name.values()), places=tuple(known.place.values()),
        known_words=(*AGENCY.values(), frame.code), age=known.age, months=known.months, sex=known.sex,
        seen_at=known.seen_at.astimezone(zone) if known.seen_at else None, elements=ELEMENTS, photo=Photo(),
        longest=timedelta(days=7), hosts=("najda.example",), secrets=SECRETS,
        numbers=("19", "177", "122"),
    )  # fmt: skip
    return replace(made, **changes)


def child(**changes) -> Known:
    told = SimpleNamespace(
        name={"ar": "أمينة الإدريسي", "fr": "Amina El Idrissi", "en": "Amina El Idrissi"},
        sex="girl", age=9, height=130, hair="black_long", eyes="brown", marks=("scar_arm",),
        clothing=(("dress", "red"), ("sandals", "black")), carried=(("schoolbag", "blue"),),
        seen_at=datetime(2026, 1, 5, 14, 30, tzinfo=ZoneInfo("Africa/Casablanca")),
        place={"ar": "أكدال، الرباط", "fr": "Agdal, Rabat", "en": "Agdal, Rabat"}, has_photo=True,
    )  # fmt: skip
    return Known(**{**vars(told), **changes})


def boy(name: str, arabic: str, place: dict[str, str], **changes) -> Known:
    return child(name={"ar": arabic, "fr": name, "en": name}, sex="boy", place=place, **changes)


LIBREVILLE = {"ar": "ليبرفيل", "fr": "Libreville", "en": "Libreville"}
CAIRO = {"ar": "المعادي، القاهرة", "fr": "Maadi, Le Caire", "en": "Maadi, Cairo"}


def says(ar: str, fr: str, en: str) -> dict[str, str]:
    return {"ar": ar, "fr": fr, "en": en}


HONEST: tuple[tuple[str, Known, dict[str, str]], ...] = (
    ("ma", child(), {}),
    ("ma", child(), says("تتكلم العربية والفرنسية.", "Elle parle arabe et français.", "She speaks Arabic and French.")),
    ("ma", child(age=12), says("كانت متجهة نحو محطة القطار.", "Elle allait vers la gare.", "She was walking towards the station.")),
    ("ma", child(age=1, months=20), says("ترتدي قبعة بيضاء.", "Elle porte aussi un bonnet blanc.", "She is also wearing a white hat.")),
    ("ma", child(name={}), says("خرجت من المدرسة في الساعة ٢ بعد الظهر.", "Sortie de l’école à 14 h.", "Left school at 2 pm.")),
    ("ma", child(age=16), says("معها حقيبة عليها شعار Nike.", "Elle a un sac de marque Nike.", "She has a bag of the brand Nike.")),
    ("ma", child(place={"ar": "حي الرياض، الرباط", "fr": "Hay Riad, Rabat", "en": "Hay Riad, Rabat"}), {}),
    ("ma", child(sex=""), says("قد يخاف الطفل، تكلموا معه بهدوء.", "L’enfant peut avoir peur, parlez doucement.", "The child may be afraid, speak gently.")),
    ("ga", boy("Junior Mba Obame", "جونيور مبا أوبام", LIBREVILLE), {}),
    ("ga", boy("Junior Mba Obame", "جونيور مبا أوبام", LIBREVILLE, age=7),
     says("يتكلم الفرنسية والفانغ.", "Il parle français et fang.", "He speaks French and Fang.")),
    ("ga", boy("Junior Mba Obame", "Junior Mba Obame", LIBREVILLE), {}),
    ("ga", boy("Junior Mba Obame", "جونيور مبا أوبام", LIBREVILLE, age=11),
     says("كان ذاهبا إلى السوق الكبير.", "Il allait au grand marché.", "He was going to the big market.")),
    ("ga", boy("Junior Mba Obame", "جونيور مبا أوبام", LIBREVILLE, clothing=(("shorts", "blue"), ("tshirt", "white"))),
     says("يحمل كرة.", "Il porte un ballon.", "He is carrying a ball.")),
    ("ga", boy("Junior Mba Obame", "جونيور مبا أوبام", LIBREVILLE, age=1, months=14), {}),
    ("eg", boy("Mostafa Fawzy", "مصطفى فوزي", CAIRO), {}),
    ("eg", boy("Mostafa Fawzy", "مصطفى فوزي", CAIRO, age=8),
     says("شوهد قرب موقف الحافلات رقم ٣.", "Vu près de l’arrêt de bus 3.", "Seen near bus stop 3.")),
    ("eg", boy("Mostafa Fawzy", "مصطفى فوزي", CAIRO, age=3),
     says("يستجيب لمن يناديه بلطف.", "Il répond si on l’appelle doucement.", "He answers when called gently.")),
    ("eg", child(place=CAIRO), says("كانت تحمل مظلة.", "Elle tenait un parapluie.", "She was holding an umbrella.")),
    ("eg", child(place=CAIRO, age=10, seen_at=None), {}),
    ("eg", boy("Mostafa Fawzy", "مصطفى فوزي", CAIRO, age=14, marks=("hearing_aid",)),
     says("قد يكون في محطة مترو.", "Il est peut-être dans une station de métro.", "He may be in a metro station.")),
)  # fmt: skip
