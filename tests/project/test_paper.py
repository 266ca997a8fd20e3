"""`hieuhoc paper`: a file in, a paper out, or one line that says why not and nothing written."""

import io
import os
from pathlib import Path

import docx
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from hieuhoc.project.cli import house

REPORT = Path(__file__).parents[1] / "fixtures" / "papers" / "report.json"

WIDE_ROW = '{"header": {"issuer": "A"}, "sections": [{"blocks": [{"table": {"columns": ["A"], "rows": [[1, 2]]}}]}]}'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(house, ["paper", *map(str, arguments)])


def test_a_report_becomes_a_word_file_and_a_pdf(tmp_path: Path) -> None:
    for name in ("report.docx", "REPORT.PDF"):
        done = run(REPORT, "--out", tmp_path / name)
        assert done.exit_code == 0, done.output
    assert docx.Document(io.BytesIO((tmp_path / "report.docx").read_bytes())).tables
    assert len(pypdfium2.PdfDocument((tmp_path / "REPORT.PDF").read_bytes())) >= 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["REPORT.PDF", "report.docx"]


def test_the_same_file_gives_the_same_paper(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf", "one.docx", "two.docx"):
        assert run(REPORT, "--out", tmp_path / name).exit_code == 0
    for ending in ("pdf", "docx"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        ("{", "a.pdf", "không phải JSON"),
        ("{}", "a.docx", "thiếu “header”"),
        (WIDE_ROW, "a.pdf", "sections[0].blocks[0].table.rows[0]"),
        ('{"header": {"issuer": "A"}}', "a.odt", ".docx hoặc .pdf"),
        ('{"header": {"issuer": "A"}}', "a", ".docx hoặc .pdf"),
        ('{"header": {"issuer": "A"}}', "no/folder/a.pdf", "không ghi được"),
    ],
)
def test_what_cannot_be_made_is_told_in_one_line_and_nothing_is_written(
    tmp_path: Path, content: str, name: str, why: str
) -> None:
    given = tmp_path / "given.json"
    given.write_text(content, encoding="utf-8")
    done = run(given, "--out", tmp_path / name)
    assert done.exit_code == 2
    assert why in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [given]


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    done = run(tmp_path / "none.json", "--out", tmp_path / "a.pdf")
    assert (done.exit_code, "không đọc được" in done.output) == (2, True)
    (tmp_path / "a.pdf").mkdir()
    done = run(REPORT, "--out", tmp_path / "a.pdf")
    assert (done.exit_code, "không ghi được" in done.output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_what_stood_there_stays_when_the_new_one_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"old")
    (tmp_path / "bad.json").write_text("[]", encoding="utf-8")
    assert run(tmp_path / "bad.json", "--out", tmp_path / "a.pdf").exit_code == 2
    assert (tmp_path / "a.pdf").read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run(REPORT, "--out", tmp_path / "a.pdf")
    tmp_path.chmod(0o700)
    assert done.exit_code == 2
