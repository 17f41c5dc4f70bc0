"""A sentence for every refusal."""

from django.utils import translation

from notifier.meanings import MEANINGS, meaning
from notifier.message import ERROR_KINDS


def test_every_kind_has_a_sentence():
    assert set(ERROR_KINDS) <= set(MEANINGS)
    assert len({str(sentence) for sentence in MEANINGS.values()}) == len(MEANINGS)


def test_a_kind_without_a_sentence_shows_itself():
    with translation.override("en"):
        assert meaning("bad_address") == "This number or mailbox does not exist."
    assert meaning("backend_broke") == "backend_broke"
