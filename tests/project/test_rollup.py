"""`hieuhoc rollup`, from file to file: small cases by eye, the same on every road, and what is refused."""

import csv
import os
import random
import signal
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from distributed import Client, LocalCluster

from hieuhoc.engines.rollup import Life, Span, Tree
from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.engines.rollup.parts import Facts, Question, split
from hieuhoc.kernel.periods import Rhythm, period_of
from hieuhoc.project.commands.rollup import rollup
from hieuhoc.project.totals.spreading import add_up_spread

TREE = """unit,parent,valid_from,valid_to
VN,,,
KG,VN,,2025-07-01
AG,VN,,
A,KG,2018-01-01,2025-07-01
B,KG,2018-01-01,2025-07-01
A,AG,2025-07-01,
AB,AG,2025-07-01,
C,AG,2018-01-01,
"""
FACTS = """unit,indicator,month,value
A,người học,2025-06,40
B,người học,2025-06,40
A,người học,2025-07,41
AB,người học,2025-07,
C,người học,2025-07,-1
A,lớp,2025-06,3
A,lớp,2025-07,4
"""
RULES = """indicator,over_places,over_time
người học,sum,sum
lớp,sum,last
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("tree", TREE), ("facts", FACTS), ("rules", RULES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str, out: str = "totals.csv", **files: str) -> Result:
    names = {"tree": "tree.csv", "facts": "facts.csv", "rules": "rules.csv"} | files
    words = [word for name, file in names.items() for word in (f"--{name}", str(folder / file))]
    return CliRunner().invoke(rollup, [*words, "--out", str(folder / out), *more])


def told(folder: Path, out: str = "totals.csv") -> dict[tuple[str, str, str], tuple[str, str, str]]:
    with (folder / out).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows
    assert list(rows[0]) == ["unit", "indicator", "period", "value", "reported", "expected"]
    found = {
        (row["unit"], row["indicator"], row["period"]): (row["value"], row["reported"], row["expected"]) for row in rows
    }
    assert len(found) == len(rows)
    return found


def as_parquet(folder: Path, name: str) -> None:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = {key: [row[key] or None for row in rows] for key in rows[0]}
    if name == "facts":
        columns["value"] = [None if value is None else int(value) for value in columns["value"]]  # type: ignore[misc]
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def test_every_unit_of_every_level_is_told_on_the_map_of_its_month(folder: Path) -> None:
    assert run(folder, "--periods", "month,quarter,year").exit_code == 0
    found = told(folder)
    assert found["KG", "người học", "2025-06"] == ("80", "2", "2")
    assert ("KG", "người học", "2025-07") not in found
    assert found["AG", "người học", "2025-06"] == ("", "0", "1")
    assert found["AG", "người học", "2025-07"] == ("40", "2", "3")
    assert found["AB", "người học", "2025-07"] == ("", "0", "1")
    assert found["VN", "người học", "2025-06"] == ("80", "2", "3")
    assert found["VN", "người học", "2025"] == ("120", "4", "36")
    assert found["A", "lớp", "2025"] == ("4", "1", "1")
    assert found["KG", "lớp", "2025"] == ("3", "1", "2")
    assert {period for _, _, period in found} == {"2025-06", "2025-07", "2025-Q2", "2025-Q3", "2025"}


def test_a_mean_is_that_of_the_months_that_are_known(folder: Path) -> None:
    (folder / "rules.csv").write_text(RULES.replace("sum,last", "sum,mean"), encoding="utf-8")
    as_parquet(folder, "facts")
    assert run(folder, "--periods", "year").exit_code == 0
    assert told(folder)["VN", "lớp", "2025"] == ("3.5", "2", "36")
    assert told(folder)["VN", "người học", "2025"] == ("120", "4", "36")
    assert run(folder, "--periods", "year", facts="facts.parquet", out="totals.parquet").exit_code == 0
    table = pq.read_table(folder / "totals.parquet").to_pylist()
    values = {(row["unit"], row["indicator"]): row["value"] for row in table}
    assert (values["VN", "lớp"], values["VN", "người học"], values["AB", "lớp"]) == (3.5, 120.0, None)


def test_parquet_says_what_csv_says(folder: Path) -> None:
    assert run(folder, "--periods", "month,half").exit_code == 0
    for name in ("tree", "facts", "rules"):
        as_parquet(folder, name)
    files = {name: f"{name}.parquet" for name in ("tree", "facts", "rules")}
    result = run(folder, "--periods", "month,half", out="totals.parquet", **files)
    assert result.exit_code == 0, result.output
    table = pq.read_table(folder / "totals.parquet")
    assert [str(kind) for kind in table.schema.types] == ["string", "string", "string", "int64", "int32", "int32"]
    rows = table.to_pylist()
    assert told(folder) == {
        (row["unit"], row["indicator"], row["period"]): (
            "" if row["value"] is None else str(row["value"]),
            str(row["reported"]),
            str(row["expected"]),
        )
        for row in rows
    }


def province(folder: Path, communes: int, seed: int) -> None:
    """A country of several provinces with moves in the middle of the year, large enough for several parts."""
    chance = random.Random(seed)  # noqa: S311 - test figures, not secrets
    lines = ["VN,,,", *(f"T{n},VN,," for n in range(9))]
    facts = []
    for number in range(communes):
        home, other = chance.randrange(9), chance.randrange(9)
        if number % 50 == 0 and home != other:
            lines += [f"X{number},T{home},,2025-03-10", f"X{number},T{other},2025-03-10,"]
        else:
            lines.append(f"X{number},T{home},,")
        facts += [f"X{number},{i},2025-{m:02d},{chance.randint(0, 99)}" for i in "ab" for m in range(1, 6)]
    chance.shuffle(facts)
    (folder / "tree.csv").write_text("\n".join(["unit,parent,valid_from,valid_to", *lines]), encoding="utf-8")
    (folder / "facts.csv").write_text("\n".join(["unit,indicator,month,value", *facts]), encoding="utf-8")
    (folder / "rules.csv").write_text("indicator,over_places,over_time\na,sum,sum\nb,sum,last\n", encoding="utf-8")


def test_several_processes_write_the_same_file_byte_by_byte(tmp_path: Path) -> None:
    province(tmp_path, 2000, 7)
    assert run(tmp_path, "--periods", "month,quarter").exit_code == 0
    result = run(tmp_path, "--periods", "month,quarter", "--distributed", "local:2", out="spread.csv")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "spread.csv").read_bytes() == (tmp_path / "totals.csv").read_bytes()


def test_a_worker_killed_in_the_middle_changes_nothing() -> None:
    begin = date(2018, 1, 1)
    lives = [Life("VN", (Span(begin),)), *(Life(f"T{n}", (Span(begin, None, "VN"),)) for n in range(12))]
    lives += [Life(f"X{n}", (Span(begin, None, f"T{n % 12}"),)) for n in range(1200)]
    months = tuple(period_of(Rhythm.MONTH, date(2025, month, 1)) for month in range(1, 13))
    question = Question(months, (OverTime.SUM,) * 20, (period_of(Rhythm.YEAR, begin.replace(year=2025)),))
    places = np.argwhere(np.ones((1200, 12, 20), np.bool_)).astype(np.int32)
    values = np.random.default_rng(3).integers(0, 10**9, len(places))
    facts = Facts(places[:, 0] + 13, places[:, 1].astype(np.int16), places[:, 2], values)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            pids = list(client.run(os.getpid).values())
        _, parts = split(Tree(lives), [facts], at_least=50)
        results = add_up_spread(parts, question, cluster.scheduler_address)
        done = [next(results)]
        os.kill(pids[0], signal.SIGKILL)
        done += results
    assert len(done) == 12
    assert sum(int(part.values.sum()) for part in done) == int(values.sum())


WRONG: dict[str, tuple[str, str, str, str]] = {
    "a value that is no whole number": (
        "facts",
        "A,lớp,2025-06,3\n",
        "A,lớp,2025-06,3.5\n",
        "facts.csv, dòng 7: value",
    ),
    "a value with words in it": ("facts", "2025-06,3\n", "2025-06,1_0\n", "không phải 1_0"),
    "a value beyond 64 bits": ("facts", "2025-06,3\n", f"2025-06,{2**63}\n", "dòng 7: value phải là số nguyên"),
    "a row that is too short": ("facts", "A,lớp,2025-06,3\n", "A,lớp\n", "facts.csv, dòng 7: thiếu ô."),
    "a month that is none": (
        "facts",
        "A,lớp,2025-06",
        "A,lớp,2025-13",
        "facts.csv, dòng 7: month phải viết như 2020-09, không phải 2025-13.",
    ),
    "a day for a month": ("facts", "A,lớp,2025-06", "A,lớp,2025-06-01", "dòng 7: month phải viết như 2020-09"),
    "an unknown unit": ("facts", "C,người", "X,người", "facts.csv, dòng 6: unit X không có trong tệp tree.csv."),
    "an unknown indicator": (
        "rules",
        "lớp",
        "trường",
        "facts.csv, dòng 7: indicator lớp không có trong tệp rules.csv.",
    ),
    "the same fact twice": (
        "facts",
        "B,người",
        "A,người",
        "facts.csv, dòng 3: Số liệu tháng 6/2025 của “A” được ghi hai lần",
    ),
    "a figure beside those beneath": (
        "facts",
        "C,người",
        "AG,người",
        "facts.csv, dòng 6: “AG” có số liệu riêng tháng 7/2025",
    ),
    "a figure of the country itself": (
        "facts",
        "C,người",
        "VN,người",
        "facts.csv, dòng 6: “VN” có số liệu riêng tháng 7/2025",
    ),
    "a figure after the end": (
        "facts",
        "AB,người học,2025-07,",
        "B,người học,2025-07,1",
        "dòng 5: Có số liệu tháng 7/2025 của “B”",
    ),
    "a missing column": ("facts", "month", "tháng", "Tệp facts.csv thiếu cột: month."),
    "an unknown parent": ("tree", "C,AG", "C,XX", "tree.csv, dòng 9: Cấp trên “XX” của “C” không có trong cây."),
    "a day that is none": ("tree", "2018-01-01,\n", "1/1/2018,\n", "tree.csv, dòng 9: valid_from phải là ngày"),
    "two places at once": (
        "tree",
        "A,AG,2025-07-01",
        "A,AG,2025-06-01",
        "tree.csv, dòng 5; tree.csv, dòng 7: “A” đứng ở hai chỗ cùng lúc",
    ),
    "an unknown rule": ("rules", "sum,last", "sum,max", "rules.csv, dòng 3: over_time phải là"),
    "another rule over places": ("rules", "sum,last", "mean,last", "over_places phải là sum"),
    "a unit that is not named": ("facts", "C,người", ",người", "facts.csv, dòng 6: thiếu unit."),
    "digits of another script": ("facts", "2025-06,3\n", "2025-06,٣\n", "dòng 7: value phải là số nguyên"),
    "a month of another age": (
        "facts",
        "A,lớp,2025-06",
        "A,lớp,2205-06",
        "Số liệu trải từ tháng 6/2025 đến tháng 6/2205",
    ),
    "two columns of one name": ("facts", "month,value", "month,month,value", "facts.csv có hai cột cùng tên: month."),
    "a circle": ("tree", "VN,,,\n", "VN,AG,,\n", "tree.csv: Vào ngày 1/1/1 có một vòng tròn cấp trên"),
    "a day by weeks": ("tree", "2018-01-01,\n", "2018-W01-1,\n", "tree.csv, dòng 9: valid_from phải là ngày"),
    "a rule twice": ("rules", "lớp,", "người học,", "indicator trống hoặc đã có"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_together_is_refused_and_nothing_is_written(folder: Path, wrong: str) -> None:
    name, right, replaced, sentence = WRONG[wrong]
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, replaced, 1), encoding="utf-8")
    (folder / "totals.csv").write_text("as it was", encoding="utf-8")
    result = run(folder)
    assert result.exit_code == 2
    assert sentence in result.output
    assert (folder / "totals.csv").read_text(encoding="utf-8") == "as it was"
    assert {file.name for file in folder.iterdir()} == {"tree.csv", "facts.csv", "rules.csv", "totals.csv"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--periods", "week"], "“week” không phải là một trong month, quarter, half, year"),
        (["--distributed", "local:none"], "Sau local: phải là số tiến trình"),
        (["--distributed", "may-chu"], "Không nối được tới may-chu; địa chỉ viết như tcp://may-chu:8786."),
        (["--tree", "khong-co.csv"], "Không có tệp khong-co.csv."),
        (["--facts", "."], "Không có tệp .."),
    ],
)
def test_a_wrong_word_on_the_command_line_is_named(folder: Path, more: Sequence[str], sentence: str) -> None:
    result = run(folder, *more)
    assert (result.exit_code, sentence in result.output) == (2, True), result.output


@pytest.mark.parametrize("out", ["facts.csv", "tree.csv", "nowhere/totals.csv"])
def test_a_file_that_was_read_is_not_written_over(folder: Path, out: str) -> None:
    assert run(folder, out=out).exit_code == 2
    assert (folder / "facts.csv").read_text(encoding="utf-8") == FACTS
    assert (folder / "tree.csv").read_text(encoding="utf-8") == TREE


def test_a_mean_of_great_sums_is_written_without_an_exponent(folder: Path) -> None:
    (folder / "rules.csv").write_text(RULES.replace("sum,last", "sum,mean"), encoding="utf-8")
    (folder / "facts.csv").write_text(FACTS.replace("lớp,2025-06,3", f"lớp,2025-06,{10**18}"), encoding="utf-8")
    assert run(folder, "--periods", "year").exit_code == 0
    assert told(folder)["A", "lớp", "2025"][0] == "500000000000000002"


def test_a_month_in_which_nothing_is_known_is_told_neither_from_csv_nor_from_parquet(folder: Path) -> None:
    with (folder / "facts.csv").open("a", encoding="utf-8") as stream:
        stream.write("A,lớp,2025-09,\nA,không ai hỏi,2025-08,\n")
    for name in ("facts", "rules"):
        as_parquet(folder, name)
    assert run(folder, "--periods", "month").exit_code == 0
    assert {period for _, _, period in told(folder)} == {"2025-06", "2025-07"}
    assert run(folder, "--periods", "month", facts="facts.parquet", out="from.csv").exit_code == 0
    assert told(folder, "from.csv") == told(folder)


def test_two_runs_at_once_do_not_write_into_one_anothers_file(folder: Path) -> None:
    (folder / ".totals.csv.part").write_text("of another run", encoding="utf-8")
    assert run(folder).exit_code == 0
    assert (folder / ".totals.csv.part").read_text(encoding="utf-8") == "of another run"


def test_a_file_of_another_kind_is_refused(folder: Path) -> None:
    (folder / "facts.parquet").write_text(FACTS, encoding="utf-8")
    assert "Tệp facts.parquet không phải là Parquet." in run(folder, facts="facts.parquet").output
    (folder / "facts.xlsx").write_bytes(b"PK")
    assert "Tệp phải là .csv hoặc .parquet: facts.xlsx." in run(folder, facts="facts.xlsx").output
    (folder / "facts.csv").write_bytes(b"\xff\xfe\x00")
    assert "Tệp facts.csv không phải là CSV bằng UTF-8." in run(folder).output


@pytest.mark.parametrize("values", [[3.0, 1.5], ["3", "một"], [3.0, float("nan")]])
def test_a_parquet_value_that_is_no_whole_number_is_refused_with_its_row(folder: Path, values: list[object]) -> None:
    table = pa.table({"unit": ["A"] * 2, "indicator": ["lớp"] * 2, "month": ["2025-06", "2025-07"], "value": values})
    pq.write_table(table, folder / "facts.parquet")
    result = run(folder, facts="facts.parquet")
    sentence = f"facts.parquet, dòng 2: value phải là số nguyên, không phải {values[1]}."
    assert (result.exit_code, sentence in result.output) == (2, True), result.output


def test_yes_and_no_are_no_numbers_in_parquet(folder: Path) -> None:
    table = pa.table({"unit": ["A"], "indicator": ["lớp"], "month": ["2025-06"], "value": [True]})
    pq.write_table(table, folder / "facts.parquet")
    assert "dòng 1: value phải là số nguyên" in run(folder, facts="facts.parquet").output


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ({"unit": ["A", None]}, "facts.parquet, dòng 2: thiếu unit."),
        ({"unit": ["A", "X"]}, "facts.parquet, dòng 2: unit X không có trong tệp tree.csv."),
        ({"month": ["2025-06", "2025-06"]}, "facts.parquet, dòng 2: Số liệu tháng 6/2025 của “A” được ghi hai lần"),
        ({"unit": ["A", "KG"]}, "facts.parquet, dòng 2: Có số liệu tháng 7/2025 của “KG”, khi đơn vị không tồn tại."),
    ],
)
def test_a_wrong_row_of_a_parquet_file_is_named(folder: Path, column: dict[str, list[str]], sentence: str) -> None:
    columns = {"unit": ["A", "A"], "indicator": ["lớp"] * 2, "month": ["2025-06", "2025-07"], "value": [1, 2]} | column
    pq.write_table(pa.table(columns), folder / "facts.parquet")
    result = run(folder, facts="facts.parquet")
    assert (result.exit_code, sentence in result.output) == (2, True), result.output


def test_whole_numbers_kept_as_floating_ones_are_taken(folder: Path) -> None:
    table = pa.table({"unit": ["A"], "indicator": ["lớp"], "month": ["2025-06"], "value": [3.0]})
    pq.write_table(table, folder / "facts.parquet")
    assert run(folder, facts="facts.parquet").exit_code == 0
    assert told(folder)["VN", "lớp", "2025-06"] == ("3", "1", "3")
