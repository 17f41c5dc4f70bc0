"""Write trust/words/{ar,fr,en}.txt, the words of secrets: 7,776 each, common, short, unlike one another.

    python3 -m venv /tmp/words && /tmp/words/bin/pip install wordfreq==3.1.1 diceware==1.0.1 rapidfuzz
    mkdir /tmp/words/debian && cd /tmp/words/debian
    apt-get download hunspell-ar hunspell-fr-classical wamerican && for p in *.deb; do dpkg-deb -x $p .; done
    cd - && PYTHONPATH=. /tmp/words/bin/python bin/data/make_words.py /tmp/words/debian

How common a word is comes from wordfreq (CC BY-SA 4.0), what a word is from dictionaries: Ayaspell's nouns
(hunspell-ar, MPL 1.1), Dicollecte's headwords (hunspell-fr-classical, MPL 2.0), SCOWL (wamerican) and EFF's
long list of dice words (in diceware, CC BY 3.0 US). What was read and struck out stands in bin/data/words/.
A secret already written down dies with its word: once in use, the lists do not change.
"""

import fnmatch
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import diceware  # type: ignore[import-not-found]  # in the venv above alone
from wordfreq import zipf_frequency  # type: ignore[import-not-found]  # the same

from trust.words import COUNT, folded

ROOT = Path(__file__).resolve().parents[2]
STRUCK = ROOT / "bin" / "data" / "words"
LENGTHS = range(3, 9)
AYASPELL_NOUNS, AYASPELL_VERBS = "names.dic", "verb.huns.dic"  # files that Debian joined into one
ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة")
FRENCH_KINDS = ("po:nom", "po:adj", "po:adv", "po:v1", "po:v2", "po:v3")
COMMON = 2.3  # once in five million words (zipf); what is rarer nobody can spell
PICKED = 1.0  # EFF's are picked by hand: worth a word ten times as common
ENDINGS = {
    "s": ("",), "es": ("",), "ies": ("y",), "ed": ("", "e"), "ied": ("y",), "ing": ("", "e"),
    "est": ("", "e"), "iest": ("y",), "ier": ("y",),
}  # fmt: skip


def main(debian: Path) -> None:
    share = debian / "usr" / "share"
    french = _french(share / "hunspell" / "fr.dic")
    pools = {
        "ar": _arabic(share / "hunspell" / "ar.dic"),
        "fr": french,
        "en": _english(share / "dict" / "american-english", set(map(folded, french))),
    }
    for language, pool in pools.items():
        chosen = _unlike(_kept(pool, language))
        (ROOT / "trust" / "words" / f"{language}.txt").write_text("\n".join(sorted(chosen)) + "\n", "utf-8")
        sys.stdout.write(
            f"{language}: {len(chosen)} of {len(pool)}; {_close(chosen)} a letter from another\n"
        )


def _arabic(path: Path) -> list[str]:
    """Return nouns and adjectives without article, those most often seen with it first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    section = lines[lines.index(AYASPELL_NOUNS) : lines.index(AYASPELL_VERBS)]
    nouns = {line.split("\t")[0].split("/")[0] for line in section}
    whole = {noun for noun in nouns if set(noun) <= ARABIC and not _is_plural(noun, nouns)}
    return _by_use(whole, "ar", prefix="ال")


def _is_plural(noun: str, nouns: set[str]) -> bool:
    """Say whether a sound plural or dual stands beside its singular."""
    stem = noun[:-2]
    return noun.endswith(("ات", "ون", "ين", "ان")) and bool({stem, stem + "ة"} & nouns) and len(stem) > 2


def _french(path: Path) -> list[str]:
    """Return headwords: singular nouns and adjectives, infinitives, adverbs; no proper name."""
    words = set()
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        word, *tags = line.split(" ")
        kinds = [tag for tag in tags if tag.startswith("po:")]
        if kinds and all(kind.startswith(FRENCH_KINDS) for kind in kinds):
            words.add(word.split("/")[0])
    return _by_use(filter(str.islower, words), "fr")


def _english(path: Path, french: set[str]) -> list[str]:
    """Return EFF's words and SCOWL's that are no inflection, without those that are French too."""
    scowl = {word for word in path.read_text(encoding="utf-8").split() if word.isascii() and word.islower()}
    file = Path(diceware.__file__).parent / "wordlists" / "wordlist_en_eff.txt"
    eff = {line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()}
    words = {word for word in scowl | eff if not _is_inflected(word, scowl) and folded(word) not in french}
    return sorted(_by_use(words, "en"), key=lambda word: -_use(word, "en") - PICKED * (word in eff))


def _is_inflected(word: str, words: set[str]) -> bool:
    """Say whether the word is another's plural, past, participle or superlative."""
    for ending, rests in ENDINGS.items():
        stem = word.removesuffix(ending)
        doubled = ending in {"ed", "ing", "est"} and stem[-1:] == stem[-2:-1]
        stems = {stem + rest for rest in rests} | ({stem[:-1]} if doubled else set())
        if stem != word and len(stem) > 2 and stems & words:
            return True
    return False


def _by_use(words: Iterable[str], language: str, prefix: str = "") -> list[str]:
    short = [word for word in words if word.isalpha() and len(word) in LENGTHS]
    common = [word for word in short if _use(prefix + word, language) >= COMMON]
    return sorted(common, key=lambda word: (-_use(prefix + word, language), word))


def _use(word: str, language: str) -> float:
    return float(zipf_frequency(word, language, wordlist="large"))


def _kept(pool: list[str], language: str) -> list[str]:
    """Return the pool without the words of the language's struck-*.txt; a * there stands for any letters."""
    lines = (STRUCK / f"struck-{language}.txt").read_text(encoding="utf-8").splitlines()
    struck = {word for line in lines if not line.startswith("#") for word in line.split()}
    exact = {word for word in struck if "*" not in word}
    any_of = re.compile("|".join(fnmatch.translate(word) for word in sorted(struck - exact)))
    return [word for word in pool if word not in exact and not any_of.match(word)]


def _unlike(words: Iterable[str]) -> list[str]:
    """Return the first 7,776 words of which none is a letter from another; if too few, the next ones."""
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    passed_over = []
    for word in words:
        bare = folded(word)
        slips = set(_slips(bare))
        if len(chosen) == COUNT:
            break
        if len(bare) < LENGTHS.start:
            continue
        if taken.isdisjoint(slips):
            chosen[bare] = word
            taken |= slips
        else:
            passed_over.append(word)
    for word in passed_over:
        if len(chosen) < COUNT:
            chosen.setdefault(folded(word), word)
    return list(chosen.values())


def _slips(word: str) -> Iterator[str]:
    """Yield patterns that two words share when one letter is wrong, missing or swapped with the next."""
    for place in range(len(word) + 1):
        yield word[:place] + "_" + word[place:]
        if place < len(word):
            yield word[:place] + "_" + word[place + 1 :]
            yield word[:place] + "~" + "".join(sorted(word[place : place + 2])) + word[place + 2 :]


def _close(words: list[str]) -> int:
    """Return how many words stand a letter from another."""
    seen: dict[str, int] = {}
    for word in words:
        for hole in set(_slips(folded(word))):
            seen[hole] = seen.get(hole, 0) + 1
    return sum(any(seen[hole] > 1 for hole in _slips(folded(word))) for word in words)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
