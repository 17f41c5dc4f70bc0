"""How far two rows of sounds are apart: the least cost of turning one into the other.

Costs are in letters: 1 is a consonant too many or taken for one it is never taken for; 0 is what two scripts,
or two habits of one script, write differently for the same name. Own compilation, tuned on one half of
bench/data/names.csv.
"""

from __future__ import annotations

from itertools import product

_GAP_LATIN = {"a": 0.4, "e": 0.3, "i": 0.4, "o": 0.4, "u": 0.4, "V": 0.4, "y": 0.8, "w": 0.7}
_GAP_LATIN |= {"@": 1.3, "h": 0.6, "~": 0.5, "E": 0.9, "J": 0.9}
_GAP_VOICED = {"a": 0.02, "e": 0.02, "i": 0.12, "o": 0.05, "u": 0.07, "V": 0.4, "y": 0.6, "w": 0.6}
_GAP_VOICED |= {"@": 1.3, "h": 0.7, "~": 0.5, "E": 0.2, "J": 0.8}
_GAP_BARE = {
    "A": 0.3,
    "O": 0.15,
    "I": 0.5,
    "U": 0.45,
    "Y": 0.9,
    "W": 1.0,
    "Q": 1.3,
    "@": 1.3,
    "3": 0.02,
    "h": 0.8,
}
_GAP_ARABIC = {"A": 0.4, "O": 0.2, "I": 0.7, "U": 0.7, "Y": 1.0, "W": 1.0, "Q": 1.3, "@": 1.0, "3": 0.8}
_GAPS = {
    (False, False): (_GAP_LATIN, _GAP_LATIN),
    (False, True): (_GAP_VOICED, _GAP_BARE),
    (True, False): (_GAP_BARE, _GAP_VOICED),
    (True, True): (_GAP_ARABIC, _GAP_ARABIC),
}

_NEAR: dict[float, str] = {
    0.0: "JY Ji Jy JI Vu VU VW Wu Wo Ww Vo aA iI yI uU oU wU OA Oa Oe Oo Ou iY yY Q@ qk ZD 3a 3e 3i "
    "3o 3u IY UO",
    0.05: "Oi jg yi wu Tt Dd Zd Zz a@ Oy hQ ~m ~n zZ @A dD",
    0.1: "Je wo ae ei eA ou eI eY Ts aQ uo Dz @Y 3A",
    0.15: "vf pb Gg aY y3 w3",
    0.2: "eQ gq eu",
    0.3: "vb Gr xk oQ uQ kg e@ ao oA",
    0.45: "Ss zs e@ aI eU oa tQ",
    0.55: "ai au eo aU xh jy IU ey",
    0.9: "vw",
    0.7: "mn Gk dt iA uA oI uI iU Sj ~3",
}
_COST = {pair: cost for cost, pairs in sorted(_NEAR.items(), reverse=True) for pair in pairs.split()}
_COST |= {pair[::-1]: cost for pair, cost in list(_COST.items())}
_VOWELS = "aeiouVJ@AIUYWQO3"
for _one, _other in product(_VOWELS, _VOWELS):
    _COST.setdefault(_one + _other, 0.0 if _one == _other else 0.8)
OTHER = 1.1  # any two sounds not named above
SWAPPED = 0.8  # two neighbours typed in the wrong order


def cost(one: str, other: str) -> float:
    """Return the cost of writing one sound for the other."""
    return 0.0 if one == other else _COST.get(one + other, OTHER)


def distance(a: str, b: str, *, bare: tuple[bool, bool], limit: float) -> float:
    """Return the cost of turning a into b, or any number above limit where it costs more.

    bare tells of a and of b whether it was spelt in Arabic, that is without short vowels.
    """
    gap_a, gap_b = _GAPS[bare]
    above: list[float] = []
    row = [0.0]
    for other in b:
        row.append(row[-1] + gap_b.get(other, 1.0))
    for i, one in enumerate(a):
        dropped = gap_a.get(one, 1.0)
        before, above, row = above, row, [row[0] + dropped]
        for j, other in enumerate(b):
            turned = above[j] + cost(one, other)
            best = min(turned, above[j + 1] + dropped, row[j] + gap_b.get(other, 1.0))
            if i and j and one != other and one == b[j - 1] and other == a[i - 1]:
                best = min(best, before[j - 1] + SWAPPED)
            row.append(best)
        if min(row) > limit:
            return limit + 1.0
    return row[-1]
