"""What two callers must share before a call-taker is asked whether it is one thing."""

from datetime import UTC, datetime, timedelta

from geo.points import Point
from tips.calls import likeness
from tips.calls.likeness import Telling

AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
AGDAL, NEARBY, FAR = Point(33.995, -6.85), Point(34.0, -6.853), Point(34.05, -6.8)
SEEN = "Une petite fille en robe rouge près de la gare avec un sac bleu"


def told(words: str = "", point: Point | None = None, at: datetime | None = None, place: str = "") -> Telling:
    return likeness.of(words, place, point, at, [])


def by(one: Telling, other: Telling) -> tuple[str, ...]:
    found = likeness.alike(one, other)
    return found.by if found else ()


def test_the_same_place_and_hour() -> None:
    later = AT + timedelta(minutes=40)
    assert by(told(point=AGDAL, at=AT), told(point=NEARBY, at=later)) == ("place", "hour")
    assert by(told(place="gare Rabat Agdal", at=AT), told(place="Gare de Rabat-Agdal", at=later))


def test_the_same_place_alone_is_too_little() -> None:
    assert not by(told(point=AGDAL), told(point=NEARBY))
    assert not by(told(point=AGDAL, at=AT), told(point=NEARBY, at=AT + timedelta(hours=5)))


def test_the_same_hour_elsewhere_is_another() -> None:
    assert not by(told(point=AGDAL, at=AT), told(point=FAR, at=AT))


def test_the_same_words_however_written() -> None:
    assert "words" in by(told(SEEN), told("petite fille robe rouge a la gare, sac bleu"))
    assert not by(told(SEEN), told("Un garçon en survêtement noir au marché"))


def test_the_same_plate_however_it_is_parted() -> None:
    assert by(told("voiture 12345-A-6"), told("une Dacia blanche 12345 | A | 6")) == ("number",)
    assert by(told("لوحة ١٢٣٤٥ أ ٦"), told("voiture 12345-A-6")) == ("number",)


def test_nothing_told_is_like_nothing() -> None:
    assert likeness.alike(Telling(), Telling()) is None
