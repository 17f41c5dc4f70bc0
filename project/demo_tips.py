"""Tips of an invented town, so that the workbench is not empty. Nobody in it exists; all of it was drawn."""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from project.invented import drawn_face
from tips import intake
from tips.models import Tip
from tips.telling import File, Told
from trust import clock

RATE = 16_000


@dataclass(frozen=True)
class Said:
    """Hold one tip: by which door, what, how many minutes ago, how far from the first town (km, degrees)."""

    door: str
    language: str
    words: str
    minutes: int
    off: tuple[float, float] | None = None
    along: str = ""  # "photo", "photo again" or "voice"
    link: str = ""


SAID = (
    Said(
        "web",
        "ar",
        "السلام عليكم، رأيت قبل قليل طفلة بفستان أحمر وحقيبة مدرسية زرقاء تبكي وحدها قرب محطة القطار، "
        "ثم صعدت إلى حافلة مع رجل لم تكن تعرفه على ما يبدو.",
        14,
        (0.9, 40),
        "photo",
    ),
    Said(
        "web",
        "fr",
        "Je crois avoir vu la petite à la robe rouge devant la gare vers la fin de l’après-midi, elle "
        "montait dans un bus avec un monsieur. Je joins la photo qu’une voisine m’a envoyée.",
        11,
        (0.95, 38),
        "photo again",
    ),
    Said(
        "web",
        "ar",
        "weldi ma rj3ch men lmdrasa, 3ndo 9 snin, labes tricot kh7el, 3afakom 3awnoni",
        9,
        (2.1, 200),
    ),
    Said("web", "ar", "هذه رسالة صوتية مني، اسمعوها من فضلكم.", 7, None, "voice"),
    Said(
        "phone",
        "fr",
        "Une dame a vu un garçon seul sur le quai du tram, cartable vert, il y a une demi-heure.",
        5,
        (3.2, 120),
    ),
    Said(
        "web",
        "fr",
        "On dit sur un groupe qu’une camionnette blanche enlève des enfants dans tous les quartiers, "
        "faites tourner !!!",
        25,
        None,
        "",
        "https://social.example/groups/1/posts/20",
    ),
    Said("web", "en", "Two men are breaking into parked cars behind the covered market.", 3, (1.4, 300)),
)


def tell() -> None:
    """Have the town tell what it saw, by the same way in as anybody; does nothing where there are tips."""
    if Tip.objects.exists():
        return
    for number, said in enumerate(SAID):
        told = clock.now() - timedelta(minutes=said.minutes)
        intake.enter(
            Told(
                door=said.door, language=said.language, words=said.words, said_at=told,
                seen_at=told - timedelta(minutes=6), seen_error_min=5, place=_place(said.off), link=said.link,
                files=tuple(_files(said.along)), submission=f"demo tip {number}",
            )
        )  # fmt: skip


def _place(off: tuple[float, float] | None) -> dict[str, Any] | None:
    """Return a pin so many kilometres from the largest town, in a direction in degrees."""
    if off is None:
        return None
    town = max(settings.COUNTRY.gazetteer.places, key=lambda place: place.population)
    km, degrees = off
    north, east = km * math.cos(math.radians(degrees)), km * math.sin(math.radians(degrees))
    lat = town.point.lat + north / 111.2
    lon = town.point.lon + east / (111.2 * math.cos(math.radians(town.point.lat)))
    return {"words": "", "lat": round(lat, 5), "lon": round(lon, 5), "error_m": 120, "how": "pin"}


def _files(along: str) -> Iterator[File]:
    if along == "photo":
        yield File("photo.jpg", "image/jpeg", drawn_face(7))
    elif along == "photo again":
        yield File("IMG-20260101-WA0003.jpg", "image/jpeg", drawn_face(7))
    elif along == "voice":
        yield File("voice.wav", "audio/wav", _hummed())


def _hummed() -> bytes:
    """Return three seconds of a hummed tune as WAV: nobody's voice."""
    notes = (262, 294, 330, 294, 262, 196)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for note in notes:
            frames = (
                int(9_000 * math.sin(2 * math.pi * note * at / RATE) * math.sin(math.pi * at / (RATE / 2)))
                for at in range(RATE // 2)
            )
            file.writeframes(b"".join(value.to_bytes(2, "little", signed=True) for value in frames))
    return out.getvalue()
