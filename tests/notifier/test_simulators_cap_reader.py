"""The simulated partner reads as public validators do, and finds nothing wrong with what we write."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from alerts import cap
from notifier.simulators import cap_reader
from tests.alerts.test_cap import INFO, MESSAGE

EARLIER = ("police@alerte.example", "ma-0", MESSAGE.sent_at)
GOOD = cap.render(MESSAGE)
UPDATE = cap.render(replace(MESSAGE, type="Update", references=(EARLIER,), all_clear=True))


def fault(document: bytes) -> str:
    return cap_reader.fault(ElementTree.fromstring(document), document)


def test_what_we_write_is_right():
    assert fault(GOOD) == fault(UPDATE) == ""
    odd = replace(INFO, description="5 < 6 & 7 > 3\nligne", headline="x" * 300)
    assert fault(cap.render(replace(MESSAGE, infos=(odd,)))) == ""


@pytest.mark.parametrize(
    ("document", "old", "new", "said"),
    [
        (GOOD, b"+01:00</sent>", b"Z</sent>", "sent is no time"),
        (GOOD, b":12+01:00</expires>", b":12.345+01:00</expires>", "expires is no time"),
        (GOOD, b"<scope>Public</scope>", b"<scope>Public</scope><status>Actual</status>", "another order"),
        (GOOD, b"<contact>19</contact>", b"<contact> </contact>", "contact is empty"),
        (GOOD, b"<identifier>ma-1", b"<identifier>ma 1", "identifier holds a space"),
        (GOOD, b"<sender>police", b"<sender>police,", "sender holds a space"),
        (GOOD, b"33.9,-6.9</polygon>", b"33.9,-6.8</polygon>", "not closed"),
        (GOOD, b"<polygon>33.9,-6.9 ", b"<polygon>133.9,-6.9 ", "not closed"),
        (GOOD, b" 12.5</circle>", b" 12500</circle>", "kilometres"),
        (GOOD, b" 12.5</circle>", b"</circle>", "kilometres"),
        (GOOD, b"<language>fr</language>", b"", "a language is missing"),
        (GOOD, b"<value>CAE</value>", b"<value>RWT</value>", "eventCode differs"),
        (GOOD, b"<description>Texte", b"<description>&lt;b&gt;Texte", "holds markup"),
        (GOOD, b"<web>https://alerte.example", b"<web>", "no absolute address"),
        (GOOD, b"<alert ", b"<!DOCTYPE alert><alert ", "DOCTYPE"),
        (
            UPDATE,
            b"<references>police@alerte.example,ma-0",
            b"<references>police@alerte.example,ma-1",
            "itself",
        ),
        (GOOD, b"<msgType>Alert", b"<msgType>Cancel", "nothing is referred to"),
    ],
)
def test_what_validators_find_most_is_refused(document, old, new, said):
    assert old in document
    assert said in fault(document.replace(old, new, 1))
