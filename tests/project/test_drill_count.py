"""The drill's counting is held by cases whose answer is known."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from geo.shapes import Area, Circle, Point
from project.drill.count import Arrival, Told, arrivals, reached, really_inside, write_people

STOP = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
BEFORE, AFTER = STOP - timedelta(minutes=1), STOP + timedelta(seconds=5)
RABAT = Point(34.02, -6.84)
AREA = Area(circles=(Circle(RABAT, 25_000),))
IS_END = {"missing": False, "found": True}


def told(address, point=RABAT):
    return Told(uuid4(), "sms", address, point)


def came(address, text="missing", at=BEFORE):
    return Arrival("sms", "message", address, text, at)


def count(people, lines, targeted=None):
    inside = really_inside(people, AREA)
    targeted = {who.person for who in people} if targeted is None else targeted
    by_address = {who.address: who for who in people}
    return reached(by_address, inside, targeted, lines, is_end=IS_END, stood_down_at=STOP)


def test_only_true_positions_inside_count_as_inside():
    near, far = told("+212600000001"), told("+212600000002", Point(33.57, -7.59))
    assert really_inside([near, far], AREA) == {near.person}


def test_somebody_inside_who_received_nothing_is_missed():
    assert count([told("+212600000001")], []).missed == 1


def test_somebody_received_but_not_targeted_is_missed_too():
    who = told("+212600000001")
    assert count([who], [came(who.address)], targeted=set()).missed == 1


def test_an_alert_and_its_end_are_no_double():
    who = told("+212600000001")
    result = count([who], [came(who.address), came(who.address, "found", AFTER)])
    assert (result.duplicates, result.missed, result.after_stop) == (0, 0, 0)


def test_the_same_alert_twice_is_one_double():
    who = told("+212600000001")
    assert count([who], [came(who.address), came(who.address)]).duplicates == 1


def test_an_alert_after_the_stop_is_counted():
    who = told("+212600000001")
    assert count([who], [came(who.address, at=AFTER)]).after_stop == 1


def test_people_and_arrivals_are_written_and_read_back(tmp_path):
    write_people(tmp_path / "people.csv", [told("a@town.invalid")])
    assert (tmp_path / "people.csv").read_text().splitlines()[0] == "person,channel,address,lat,lon"
    line = '{"event": "message", "to": "a@town.invalid", "text": "نص", "at": "2026-11-01T12:00:00+00:00"}\n'
    (tmp_path / "email.jsonl").write_text(line, encoding="utf-8")
    assert arrivals(tmp_path) == [Arrival("email", "message", "a@town.invalid", "نص", STOP)]
