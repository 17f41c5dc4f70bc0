"""The lint of a statement: the rules of alerts that concern its words, and that it names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from django.conf import settings

from alerts import linting
from alerts.lint import Draft, Finding, Secrets, numbers, plates, secrets, spoken
from alerts.lint.facts import names as names_of_the_child
from alerts.lint.model import ADDITION
from alerts.lint.rules import Rule
from alerts.lint.tokens import is_word, tokens
from alerts.models import Statement
from alerts.statements import naming
from alerts.statements.suggesting import host
from cases.models import CaseState, Child, NameToken
from cases.names.parts import parts
from trust import keys

RULES: tuple[Rule, ...] = (
    secrets.addresses,
    secrets.phones,
    secrets.siblings,
    secrets.people,
    names_of_the_child,
    naming.people,
    plates.plates,
    secrets.private_words,
    numbers.foreign_numbers,
    numbers.digits_differ,
    numbers.digits_mixed,
    spoken.untranslated,
    spoken.markup,
    spoken.links,
    spoken.shouting,
)
# A statement refutes just these: said without a person beside them they are asked about, and do not stop.
MAY_BE_REFUTED: tuple[str, ...] = (
    "kidnap*", "enleve*", "enlevement*", "rapt*", "ravisseu*", "abduct*", "snatched", "violence*", "violent*",
    "agression*", "suspect*", "خطف*", "اختطاف*", "اختطف*", "مختطف*", "خاطف*", "عنف", "اعتداء*", "مشبوه*",
    "drogue*", "drugs", "مخدرات", "divorc*", "individu*", "accompagne*", "برفقه", "مع",
)  # fmt: skip
ASKED_ABOUT = frozenset({"suspect", "family"})


def findings(statement: Statement) -> tuple[Finding, ...]:
    """Return what is wrong in the statement's words now, stops first (some ten queries)."""
    told = gather(statement)
    found = [finding for rule in RULES for finding in rule(told)]
    found += _children(statement, told)
    merged: dict[tuple[str, ...], Finding] = {}
    for finding in map(_weighed, found):
        same = (finding.code, finding.severity, finding.language)
        before = merged.get(same)
        words = (*(before.words if before else ()), *finding.words)
        merged[same] = replace(finding, words=tuple(dict.fromkeys(words)))
    return tuple(sorted(merged.values(), key=lambda one: not one.is_stop))


def gather(statement: Statement) -> Draft:
    """Return the statement's words as the lint asks for them, with what the case of its alert keeps."""
    texts = statement.texts or {}
    agency, case = statement.unit.agency, statement.alert.case if statement.alert else None
    children = list(case.children.all()) if case else []
    country = settings.COUNTRY
    known = linting.secrets_of(case, children[0]) if case and children else Secrets()
    return Draft(
        messages=(),
        languages=tuple(code for code, _name in settings.LANGUAGES),
        number=settings.TIP_NUMBER,
        additions={
            code: " ".join(f"{told['title']}. {told['body']}".split())
            for code, told in texts.items()
            if told.get("title") or told.get("body")
        },
        names=tuple(name for child in children for name in _names(child)),
        known_words=(*agency.names.values(), settings.SITE_NAME, statement.code, host()),
        numbers=(
            *(line.number for line in country.emergency),
            *(number for one in country.agencies for number in one.numbers),
            settings.EMERGENCY_NUMBER,
        ),
        hosts=(host().casefold(),),
        secrets=known,
    )


def _weighed(finding: Finding) -> Finding:
    """Return the finding, as a question where it holds nothing but words that statements refute."""
    if not finding.is_stop or finding.code not in ASKED_ABOUT:
        return finding
    said = [token.said for words in finding.words for token in tokens(words)]
    is_general = all(any(is_word(word, part) for part in MAY_BE_REFUTED) for word in said)
    return replace(finding, severity="warn") if is_general else finding


def _children(statement: Statement, told: Draft) -> Iterator[Finding]:
    """Two words side by side that are a child's name in a file of the agency (a query a language)."""
    for language, words in told.additions.items():
        found = list(_in_files(statement, words))
        if found:
            yield Finding("other_child", "stop", language, (ADDITION,), tuple(found))


def _in_files(statement: Statement, words: str) -> Iterator[str]:
    telling = [one for one in tokens(words) if len(one.said) > 2 and not one.number]  # "El" tells nothing
    sides = [
        (words[one.start : other.end], _token(one.said), _token(other.said))
        for one, other in pairwise(telling)
    ]
    wanted = {token for _said, *two in sides for token in two}
    rows = NameToken.objects.filter(kind="word", token__in=wanted, child__isnull=False)
    rows = rows.exclude(case__state=CaseState.ERASED).filter(case__agency=statement.unit.agency_id)
    borne: dict[str, set[object]] = {}
    for token, child in rows.values_list("token", "child"):
        borne.setdefault(token, set()).add(child)
    for said, one, other in sides:
        if one != other and borne.get(one, set()) & borne.get(other, set()):
            yield said


def _token(said: str) -> str:
    return keys.token("name word", "".join(parts(said)) or said)


def _names(child: Child) -> Iterable[str]:
    told = (child.given_name, child.family_name, child.name_latin, child.name_arabic)
    return [name for name in told if name]
