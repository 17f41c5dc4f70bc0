"""Write trust/words/{ar,fr,en}.txt, the words of secrets: 7,776 each, common, short, unlike one another.

    python3 -m venv /tmp/words && /tmp/words/bin/pip install wordfreq==3.1.1 diceware==1.0.1 rapidfuzz
    mkdir /tmp/words/debian && cd /tmp/words/debian
    apt-get download hunspell-ar hunspell-fr-classical wamerican && for p in *.deb; do dpkg-deb -x $p .; done
    cd - && PYTHONPATH=. /tmp/words/bin/python bin/data/make_words.py /tmp/words/debian

How common a word is comes from wordfreq (CC BY-SA 4.0), what a word is from dictionaries: Ayaspell's nouns
(hunspell-ar, MPL 1.1), Dicollecte's headwords (hunspell-fr-classical, MPL 2.0), SCOWL (wamerican) and EFF's
long list of dice words (in diceware, CC BY 3.0 US). What people read and struck out stands in bin/data/words/.
A secret already written down dies with its word: once in use, the lists do not change.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import diceware
from wordfreq import zipf_frequency

from trust.words import COUNT, folded

ROOT = Path(__file__).resolve().parents[2]
STRUCK = ROOT / "bin" / "data" / "words"
LENGTHS = range(3, 9)
AYASPELL_NOUNS, AYASPELL_VERBS = "names.dic", "verb.huns.dic"  # files that Debian joined into one
ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة")
FRENCH_KINDS = ("po:nom", "po:adj", "po:adv", "po:v1", "po:v2", "po:v3")
FRENCH_FIRST = 2.2  # what is so common in French (zipf) is left to it
ENDINGS = {"s": ("",), "es": ("",), "ed": ("", "e"), "ing": ("", "e"), "ies": ("y",), "ied": ("y",)}


def main(debian: Path) -> None:
    share = debian / "usr" / "share"
    french = _french(share / "hunspell" / "fr.dic")
    pools = {
        "ar": _arabic(share / "hunspell" / "ar.dic"),
        "fr": french,
        "en": _english(share / "dict" / "american-english", set(map(folded, french))),
    }
    for language, pool in pools.items():
        chosen = _unlike(word for word in pool if word not in _struck(language))
        (ROOT / "trust" / "words" / f"{language}.txt").write_text("\n".join(sorted(chosen)) + "\n", "utf-8")
        sys.stdout.write(f"{language}: {len(chosen)} of {len(pool)}; {_close(chosen)} a letter from another\n")


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
    return [word for word in _by_use(filter(str.islower, words), "fr") if _use(word, "fr") >= FRENCH_FIRST]


def _english(path: Path, french: set[str]) -> list[str]:
    """Return EFF's words, then SCOWL's that are no inflection, without those that are French too."""
    scowl = {word for word in path.read_text(encoding="utf-8").split() if word.isascii() and word.islower()}
    file = Path(diceware.__file__).parent / "wordlists" / "wordlist_en_eff.txt"
    eff = [line.split()[-1] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    bare = [word for word in _by_use(scowl, "en") if not _is_inflected(word, scowl)]
    return [word for word in dict.fromkeys([*_by_use(eff, "en"), *bare]) if folded(word) not in french]


def _is_inflected(word: str, words: set[str]) -> bool:
    return any(
        word.endswith(ending) and any(word.removesuffix(ending) + rest in words for rest in rests)
        for ending, rests in ENDINGS.items()
    )


def _by_use(words: Iterable[str], language: str, prefix: str = "") -> list[str]:
    short = [word for word in words if word.isalpha() and len(word) in LENGTHS]
    return sorted(short, key=lambda word: (-_use(prefix + word, language), word))


def _use(word: str, language: str) -> float:
    return float(zipf_frequency(word, language, wordlist="large"))


def _struck(language: str) -> set[str]:
    lines = (STRUCK / f"struck-{language}.txt").read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def _unlike(words: Iterable[str]) -> list[str]:
    """Return the first 7,776 words of which none is a letter from another; if too few, the next ones."""
    chosen: dict[str, str] = {}
    near: set[str] = set()
    passed_over = []
    for word in words:
        bare = folded(word)
        if len(chosen) == COUNT:
            break
        if bare in chosen or len(bare) < LENGTHS.start:
            continue
        if bare in near or not near.isdisjoint(_holes(bare)):
            passed_over.append(word)
            continue
        chosen[bare] = word
        near |= {bare, *_holes(bare)}
    for word in passed_over:
        if len(chosen) < COUNT:
            chosen.setdefault(folded(word), word)
    return list(chosen.values())


def _holes(word: str) -> Iterator[str]:
    """Yield the word with one letter replaced by a blank, one left out, and every gap."""
    for place in range(len(word)):
        yield word[:place] + "_" + word[place + 1 :]
    for place in range(len(word) + 1):
        yield word[:place] + "_" + word[place:]


def _close(words: list[str]) -> int:
    """Return how many words stand a letter from another."""
    seen: dict[str, int] = {}
    for word in words:
        for hole in set(_holes(folded(word))):
            seen[hole] = seen.get(hole, 0) + 1
    return sum(any(seen[hole] > 1 for hole in _holes(folded(word))) for word in words)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
