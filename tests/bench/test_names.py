import json
from pathlib import Path

import pytest

from bench import names
from bench.name_pairs import LATER, OWN, BadList, Pair, read

GOOD = "a,b,same\nChaïmae,شيماء,1\nAmine,Amina,no\nYacine,Yassine,TRUE\nOmar,Amr,False\nAli,علي,yes\n"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.csv"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_a_list_of_somebody_else_is_measured(cases: Path, capsys):
    assert names.main(["--json", "--cases", str(cases)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ours = {line["unit"]: line for line in lines if (line["case"], line["rival"]) == ("all", "ours")}
    assert ours["recall"] == {
        "bench": "names",
        "case": "all",
        "rival": "ours",
        "n": 3,
        "value": 1.0,
        "unit": "recall",
    }
    assert ours["precision"]["value"] == 1.0
    assert {"token_sort_ratio", "consonants", "equal"} <= {line["rival"] for line in lines}


def test_the_human_lines_name_what_was_missed(tmp_path: Path, capsys):
    file = tmp_path / "hard.csv"
    file.write_text("a,b,same\nAmine,Zineb,1\nSalma,Selma,0\nAya,Aya,1\n", encoding="utf-8")
    assert names.main(["--cases", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Amine | Zineb" in said
    assert "false match" in said


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path):
    file = tmp_path / "sheet.csv"
    file.write_bytes('\ufeffB,A,Same,Country\r\n"Alaoui, Amine",Amine Alaoui,1,MA\r\n\r\n'.encode())
    assert read(file) == [Pair("Amine Alaoui", "Alaoui, Amine", same=True, country="ma")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "columns a,b,same"),
        ("x,y\n1,2\n", "columns a,b,same"),
        ("a,b,same\nAmine,Amina\n", "line 2: same is ''"),
        ("a,b,same\nAmine,Amina,perhaps\n", "line 2: same is 'perhaps'"),
        ("a,b,same\n,Amina,1\n", "line 2: two names"),
        ("a,b,same\nAmine,Amina,0\n", "nothing to recall"),
    ],
)
def test_a_bad_list_is_refused_with_a_sentence(tmp_path: Path, capsys, text: str, sentence: str):
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    assert names.main(["--json", "--cases", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path):
    with pytest.raises(BadList, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "picture.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(BadList, match="not UTF-8"):
        read(tmp_path / "picture.csv")


def test_the_own_list_is_as_large_as_the_bench_says():
    pairs = read(OWN)
    assert len({(pair.a, pair.b) for pair in pairs}) == len(pairs)
    assert sum(pair.same for pair in pairs) >= 300
    assert sum(not pair.same for pair in pairs) >= 200
    assert {pair.country for pair in pairs} == {"ma", "eg", "ga"}


@pytest.mark.parametrize("chosen", [OWN, LATER])
@pytest.mark.parametrize("country", ["ma", "eg", "ga"])
def test_recall_and_precision_are_at_least_nine_in_ten(chosen: Path, country: str):
    pairs = [pair for pair in read(chosen) if pair.country == country]
    recall, precision = names.measured(country, "ours", names.ours, pairs)
    assert recall.value >= 0.9
    assert precision.value >= 0.9


def test_ours_beats_every_rival():
    pairs = read(OWN)
    rivals = [names.ours, names.equal, names.same_consonants, names.letters_in_common(pairs)]
    (ours, *others) = [min(figure.value for figure in names.measured("all", "", j, pairs)) for j in rivals]
    assert ours > max(others)
