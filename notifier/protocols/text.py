"""SMS alphabets and parts: GSM 03.38 (GSM-7) and UCS-2, counted and split as the air does.

160 septets or 70 UTF-16 units fit one SMS; 153 or 67 fit each part of a longer one, whose header takes six
octets (3GPP TS 23.038 and 23.040).
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # an escape and a septet each

GSM7_SINGLE, GSM7_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

# Direction marks and invisible characters: they cost a part or the whole alphabet, and carry no word.
# The zero-width joiner (U+200D) and non-joiner (U+200C) stay: Persian spelling and emoji need them.
INVISIBLE = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x200B, 0x2060, 0xFEFF, 0x00AD]
)
# What a machine meant and a phone does not show; line ends are not among them, a tab is a blank.
CONTROL = {**dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]), 0x09: " ", 0x0A: "\n"}

_UNSHOWN: dict[int, str | None] = {**CONTROL, **INVISIBLE}

# French, and the marks word processors make. Never used for a language that does not read its own loss.
FRENCH = {
    "ç": "c", "ê": "e", "â": "a", "î": "i", "ô": "o", "û": "u", "ë": "e", "ï": "i", "ÿ": "y", "œ": "oe",
    "Œ": "OE", "À": "A", "Â": "A", "Ê": "E", "È": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U",
    "Û": "U", "Ÿ": "Y", "á": "a", "í": "i", "ó": "o", "ú": "u",
    "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "…": "...", "–": "-", "—": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "•": "-", "·": ".", "°": "o", "²": "2",
    "³": "3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """`units` are septets for "gsm7", UTF-16 units for "ucs2"."""

    encoding: str
    units: int
    parts: int


def normalise(text: str) -> str:
    """The text in NFC, lines ended by LF, without invisible marks and control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSHOWN)
    return unicodedata.normalize("NFC", plain)


def is_gsm7(text: str) -> bool:
    """Whether every character is in the GSM-7 alphabet."""
    return all(character in BASIC or character in EXTENSION for character in text)


def count(text: str) -> Count:
    """Count units and parts exactly as split() would make them; an empty text is one part."""
    gsm7 = is_gsm7(text)
    units = sum(map(_septets if gsm7 else _utf16_units, text))
    return Count("gsm7" if gsm7 else "ucs2", units, max(1, len(split(text))))


def split(text: str) -> list[str]:
    """Cut a text into the parts that travel.

    An escaped septet pair, a surrogate pair and a letter with its combining marks stay together.
    """
    if is_gsm7(text):
        return _packed(text, iter(text), _septets, GSM7_SINGLE, GSM7_PART)
    return _packed(text, _clusters(text), _utf16_units, UCS2_SINGLE, UCS2_PART)


def transliterate(text: str) -> tuple[str, tuple[str, ...]]:
    """Bring a French text into GSM-7 where the table can, and list every character that was changed.

    When a character has no stand-in the text is returned unchanged and nothing is listed: half a loss saves
    nothing.
    """
    if is_gsm7(text):
        return text, ()
    lost = tuple(dict.fromkeys(c for c in text if c not in BASIC and c not in EXTENSION))
    if any(character not in FRENCH for character in lost):
        return text, ()
    return "".join(FRENCH.get(c, c) if c in lost else c for c in text), lost


def _septets(piece: str) -> int:
    return sum(2 if character in EXTENSION else 1 for character in piece)


def _utf16_units(piece: str) -> int:
    return sum(2 if ord(character) > 0xFFFF else 1 for character in piece)


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks, joiners and variation selectors that belong to them."""
    cluster = ""
    for character in text:
        if cluster and not _joins(cluster[-1], character):
            yield cluster
            cluster = ""
        cluster += character
        if _utf16_units(cluster) >= UCS2_PART - 2:  # a heap of marks longer than a part must be cut somewhere
            yield cluster
            cluster = ""
    if cluster:
        yield cluster


def _joins(before: str, character: str) -> bool:
    return (
        before == "\u200d" or character == "\u200d" or unicodedata.category(character) in {"Mn", "Me", "Mc"}
    )


def _packed(
    text: str, pieces: Iterator[str], weigh: Callable[[str], int], single: int, part: int
) -> list[str]:
    if weigh(text) <= single:
        return [text] if text else []
    parts, room = [""], part
    for piece in pieces:
        weight = weigh(piece)
        if weight > room:
            parts.append("")
            room = part
        parts[-1] += piece
        room -= weight
    return parts
