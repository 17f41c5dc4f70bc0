"""Three hundred sentences that must not go out, and a hundred that may: whatever the script or spelling."""

from dataclasses import replace
from functools import cache
from itertools import groupby

import pytest

from alerts.lint import Finding, lint
from tests.alerts import drafts
from tests.alerts.innocent import INNOCENT
from tests.alerts.planted import ASKS, PLANTED

GROUPS = {
    " or ".join(sorted(codes)): [(language, words) for language, words, _codes in lines]
    for codes, lines in groupby(sorted(PLANTED, key=lambda line: sorted(line[2])), key=lambda line: line[2])
}


BASE = replace(drafts.draft(), messages=())  # what the templates say is tried in test_lint


@cache
def found(language: str, words: str) -> tuple[Finding, ...]:
    """Return what is found in that language; the others hold another sentence, not its translation."""
    said = {"ar": "تتكلم العربية.", "fr": "Elle parle arabe.", "en": "She speaks Arabic.", language: words}
    return tuple(one for one in lint(replace(BASE, additions=said)) if one.language == language)


def test_the_lists_are_long_and_no_sentence_is_too_long_to_be_kept() -> None:
    assert len(PLANTED) > 250
    assert len(INNOCENT) > 80
    assert all(len(words) <= 160 for _language, words, _codes in PLANTED)


@pytest.mark.parametrize("kind", GROUPS)
def test_every_planted_sentence_is_found_and_what_must_not_go_out_is_stopped(kind: str) -> None:
    wanted = set(kind.split(" or "))
    missed = []
    for language, words in GROUPS[kind]:
        hits = [one for one in found(language, words) if one.code in wanted]
        only_asks = wanted <= ASKS or {one.code for one in hits} <= ASKS
        if not hits or not (only_asks or any(one.is_stop for one in hits)):
            missed.append((language, words))
    assert missed == []


@pytest.mark.parametrize("kind", GROUPS)
def test_what_is_highlighted_stands_in_the_sentence_as_it_was_typed(kind: str) -> None:
    for language, words in GROUPS[kind]:
        for one in found(language, words):
            assert all(marked in words for marked in one.words), (words, one)


@pytest.mark.parametrize("language", drafts.LANGUAGES)
def test_an_innocent_sentence_is_not_stopped(language: str) -> None:
    stopped = [
        (words, one.code, one.words)
        for spoken, words in INNOCENT
        if spoken == language
        for one in found(language, words)
        if one.is_stop and one.code != "digits_differ"
    ]
    assert stopped == []


def test_few_innocent_sentences_must_be_ticked() -> None:
    asked = [
        words
        for language, words in INNOCENT
        if any(one.code != "digits_differ" for one in found(language, words))
    ]
    assert len(asked) <= len(INNOCENT) // 20, asked


@pytest.mark.parametrize(
    "junk",
    ["a" * 20_000, "a@" * 5_000, "12 rue " * 300, "س " * 1_000, "- " * 5_000],
)
def test_no_sentence_keeps_the_lint_busy(junk: str) -> None:
    assert lint(replace(BASE, additions={"ar": junk, "fr": junk, "en": junk}))
