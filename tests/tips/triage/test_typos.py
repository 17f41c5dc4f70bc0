"""A report of a missing child as frightened people write it: typed in haste, spelled by ear."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tips.triage import read
from tips.triage.spelling import MOST_LETTERS

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)


def guess(words):
    return read(words, written_at=AT, zone=ZoneInfo("Africa/Casablanca")).guess


@pytest.mark.parametrize(
    "words",
    [
        "mon fis de 7 ans est pas rentré de lecole",
        "ma ptite soeur a disparue depuis se matin svp aidé nous",
        "mon neuveu est introuvabl depuis 15h plage de sablière",
        "mon enfan cest perdu dans la foule au stade",
        "disparu 5 ans au marché, prénom Yanis",
        "my dauhter has dissapeared near the stadium",
        "my brohter is misssing since noon",
        "drari dyalna ghabro mn l madrassa had sba7",
        "خرجات للحانوت ومارجعاتش عندها تسع سنين",
        "my 4 year old wandered away at marjane",
        "lwlad dyalna mabanouch mn sbah",
    ],
)
def test_a_report_is_known_through_its_mistakes(words):
    assert guess(words) == "report"


@pytest.mark.parametrize(
    "words",
    [
        "je vais me rendre au commissariat pour le passeport",
        "mon chien a disparu",
        "j'ai perdu mon téléphone hier",
        "il y a 3 ans mon mari a disparu",
        "ma voisine vend des enfants de coeur en chocolat",
    ],
)
def test_what_is_near_a_word_is_not_always_that_word(words):
    assert guess(words) != "report"


def test_what_is_said_at_the_end_of_a_long_message_is_read():
    assert guess("bla " * MOST_LETTERS + "mon fils n'est pas rentré") == "report"
