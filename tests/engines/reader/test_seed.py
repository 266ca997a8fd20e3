"""The plan of Kiên Giang of 2020, read end to end and held against its annotation."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.engines.reader import scoring

from hieuhoc.engines.reader import Reading, Source, read
from hieuhoc.engines.reader.source import Paragraph

_DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"


@cache
def _gold() -> scoring.Gold:
    return yaml.safe_load((_DOCUMENTS / "144-KH-UBND.gold.yaml").read_text(encoding="utf-8"))


@cache
def _source() -> Source:
    lines = tuple((_DOCUMENTS / "144-KH-UBND.txt").read_text(encoding="utf-8").split("\n"))
    blocks = tuple(Paragraph(line, number, number) for number, line in enumerate(lines, start=1) if line.strip())
    return Source(lines, blocks, "txt")


@cache
def _reading() -> Reading:
    return read(_source())


def test_the_head_is_right() -> None:
    reading, wanted = _reading(), _gold()["header"]
    assert reading.kind == "Kế hoạch"
    assert reading.number == wanted["number"]
    assert str(reading.date) == wanted["date"]
    assert reading.issuer == wanted["issuer"]
    assert reading.issuer_inferred
    assert reading.title == wanted["title"]
    assert reading.place == "Kiên Giang"
    assert reading.level == "tỉnh"


def test_the_bars_hold() -> None:
    gold, reading = _gold(), _reading()
    assert scoring.bases(gold, reading).f1 == 1.0
    assert scoring.sections(gold, reading).f1 >= 0.98
    assert scoring.tasks(gold, reading).f1 >= 0.97
    assert scoring.agencies(gold, reading, "lead").f1 >= 0.95
    assert scoring.agencies(gold, reading, "coordinate").f1 >= 0.90
    assert scoring.recurrences(gold, reading).f1 >= 0.90


def test_recipients_and_signer_are_right() -> None:
    reading = _reading()
    assert list(reading.recipients) == [recipient["text"] for recipient in _gold()["recipients"]]
    assert (reading.signer.name, reading.signer.position) == ("Lâm Minh Thành", "PHÓ CHỦ TỊCH")
    assert reading.signer.signs_for == "KT. CHỦ TỊCH"


@pytest.mark.parametrize("noise", ["KIẾN GI.", "Ullg", "hamb", "**", "·"])
def test_no_noise_leaks(noise: str) -> None:
    assert not [text for text in _strings(_reading().as_json()) if noise in text]


def test_every_text_of_a_task_stands_in_the_source() -> None:
    whole = " ".join(" ".join(_source().lines).split())
    for task in _reading().tasks:
        for words in task.text.split(";"):
            assert all(word in whole for word in words.split())


def test_the_lines_of_a_task_over_a_page_break_name_both_pages() -> None:
    task = next(task for task in _reading().tasks if task.text.startswith("lồng ghép các hoạt động tuyên truyền"))
    assert task.lines == (187, 189)
    assert "joined_lines" in task.doubts


def test_reading_twice_gives_the_same() -> None:
    assert read(_source()) == _reading()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value
