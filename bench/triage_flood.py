"""An hour's tips about one alert, invented: sightings, copies of a photo, a chain message, reports, noise."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

PHOTO, CHAIN, CAR = "photo", "chain", "car"
PLACES = (
    "7da la gare Rabat Ville", "près de la gare de Salé", "f hay riad", "حدا محطة القطار أكدال الرباط",
    "à Agdal",
    "f sala aljadida", "à Témara", "فحي التقدم", "near Bab Lamrissa", "f takaddoum", "au marché central", "",
)  # fmt: skip
HOURS = (
    "daba", "il y a 10 minutes", "hadi sa3a", "قبل ساعة", "ce matin à 9h", "l-bar7 f 8 d lil",
    "hier soir vers 20h", "",
    "il y a une demi-heure", "two hours ago",
)  # fmt: skip
SAW = (
    "cheft had lbnt {place} {hour}", "J'ai vu la petite fille {place} {hour}, elle pleurait",
    "شفت طفلة بفستان أحمر {place} {hour}", "I saw the girl {place} {hour} with a man",
    "je crois que c'est elle {place} {hour}, avec une dame en noir", "راه هنا {place} {hour}",
)  # fmt: skip
OTHER = (
    "weldi ma rj3ch mn lmedrasa {hour}", "ma fille n'est pas rentrée {hour}", "سرقو ليا التلفون {place}",
    "merci pour votre travail", "salam", "kaygolo khetfo chi wa7d {place}, wach bse7",
)  # fmt: skip
CHAIN_TEXT = (
    "attention à tous les parents une camionnette blanche enlève des enfants devant les écoles de la région "
    "partagez ce message à tous vos contacts"
)
CAR_TEXT = ("voiture blanche 48213-B-7 {place}", "J'ai revu la voiture 48213 | ب | 7 {place} {hour}")


@dataclass(frozen=True)
class Sent:
    """Hold one message: who sent it, what, by which channel, and the planted group it belongs to."""

    number: str
    words: str
    channel: str
    at: datetime
    group: str = ""
    files: str = ""


def flood(count: int, code: str, start: datetime) -> Iterator[Sent]:
    """Yield `count` messages spread over an hour; the same ones for the same count."""
    chance = random.Random(count)
    for number in range(count):
        at = start + timedelta(hours=1) * number / count
        yield _one(chance, f"+2126{number:08}", code, at)


def _one(chance: random.Random, sender: str, code: str, at: datetime) -> Sent:
    drawn = chance.random()
    place, hour = chance.choice(PLACES), chance.choice(HOURS)
    if drawn < 0.10:
        sha = "5a" * 32
        files = json.dumps([{"media_id": sender[-9:], "media_type": "image/jpeg", "name": "", "sha256": sha}])
        return Sent(sender, "", "whatsapp", at, PHOTO, files)
    if drawn < 0.20:
        return Sent(sender, CHAIN_TEXT, "sms", at, CHAIN)
    if drawn < 0.22:
        return Sent(sender, chance.choice(CAR_TEXT).format(place=place, hour=hour), "sms", at, CAR)
    if drawn < 0.32:
        return Sent(sender, chance.choice(OTHER).format(place=place, hour=hour), "sms", at)
    named = f"{code} " if chance.random() < 0.5 else ""
    words = named + chance.choice(SAW).format(place=place, hour=hour)
    return Sent(sender, words, chance.choice(("sms", "whatsapp")), at)
