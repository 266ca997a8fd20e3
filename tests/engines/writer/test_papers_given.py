"""Papers from trees of plain values: the documented ones are made, wrong ones are refused with the place at fault."""

import copy
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hieuhoc.engines.writer import Annex, Certificate, Chart, Figure, Heading, Paper, Paragraph, Run, Table, pdf, word
from hieuhoc.engines.writer.given import paper_from, paper_from_json
from hieuhoc.kernel.errors import Invalid

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "tests" / "fixtures" / "papers").glob("*.json"))
DOCUMENTED = ROOT / "docs" / "reference" / "paper.md"
REPORT: dict[str, Any] = json.loads((ROOT / "tests" / "fixtures" / "papers" / "report.json").read_text("utf-8"))


def example() -> bytes:
    (found,) = re.findall(r"```json\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)
    return str(found).encode()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_is_made_into_both_files(file: Path) -> None:
    paper = paper_from_json(file.read_bytes())
    assert docx.Document(io.BytesIO(word(paper))).tables
    assert len(pypdfium2.PdfDocument(pdf(paper))) >= 1


def test_the_example_of_the_reference_is_made_and_says_what_it_should() -> None:
    paper = paper_from_json(example())
    assert isinstance(paper, Paper)
    headings = [(block.level, block.text) for block in paper.blocks if isinstance(block, Heading)]
    assert headings[:3] == [(1, "Công tác chỉ đạo, điều hành"), (1, "Kết quả thực hiện"), (2, "Xóa mù chữ")]
    (table,) = [block for block in paper.blocks if isinstance(block, Table)]
    assert table.rows[1] == (
        1,
        "Ấp Vĩnh Quới",
        12,
        Figure(356, "https://hieuhoc.example.vn/figures/31"),
        Fraction(105, 200),
    )
    assert table.rows[2][4] == Fraction(150, 287)
    (chart,) = [block for block in paper.blocks if isinstance(block, Chart)]
    assert chart.series[1].values == (142, 150, None, 210)
    assert paper.signer is not None
    assert paper.signer.post == "KT. Chủ tịch\nPhó Chủ tịch"
    assert [annex.number for annex in paper.annexes] == [1, 2]


def test_every_key_of_the_loader_is_in_the_reference() -> None:
    source = (ROOT / "src" / "hieuhoc" / "engines" / "writer" / "given.py").read_text("utf-8")
    keys = set(re.findall(r"\.(?:take|need|text|flag|day|choice|rows|has)\(\s*\"(\w+)\"", source))
    told = DOCUMENTED.read_text("utf-8")
    assert {key for key in keys if f"`{key}`" not in told and f'"{key}"' not in told} == set()


def test_form_a_begins_with_articles_and_goes_down() -> None:
    paper = paper_from(
        {
            "header": {"issuer": "A"},
            "form": "A",
            "sections": [{"heading": "Một", "sections": [{"heading": "Hai"}]}, {"level": "chuong", "heading": "Ba"}],
        }
    )
    assert isinstance(paper, Paper)
    assert [block.level for block in paper.blocks if isinstance(block, Heading)] == [4, 5, 1]


def test_pieces_and_numbers_are_kept_exactly() -> None:
    tree = {
        "type": "annex",
        "title": "T",
        "sections": [
            {
                "blocks": [
                    {"paragraph": ["a ", {"text": "b", "italic": True}], "dash": "+"},
                    {"table": {"columns": ["A", "B"], "rows": [[0.1, 12345678901234]]}},
                ]
            }
        ],
    }
    annex = paper_from_json(json.dumps(tree).encode())
    assert isinstance(annex, Annex)
    assert annex.blocks[0] == Paragraph((Run("a "), Run("b", italic=True)), dash="+")
    assert isinstance(annex.blocks[1], Table)
    assert annex.blocks[1].rows == ((Decimal("0.1"), 12345678901234),)


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(tree: dict[str, Any]) -> None:
        holder: Any = tree
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = to

    return change


TABLE = ("sections", 1, "sections", 1, "blocks", 0, "table")
CHART = ("sections", 1, "sections", 1, "blocks", 1, "chart")
AT_TABLE = "sections[1].sections[1].blocks[0].table"
AT_CHART = "sections[1].sections[1].blocks[1].chart"


@pytest.mark.parametrize(
    ("change", "place", "why"),
    [
        (_set("header", to=None), "(gốc)", "thiếu “header”"),
        (_set("header", "issuer", to=""), "header.issuer", "trống"),
        (_set("header", "day", to="2026-02-30"), "header.day", "ngày có thật"),
        (_set("header", "colour", to="red"), "header", "không có khóa “colour”"),
        (_set("extra", to=1), "(gốc)", "không có khóa “extra”"),
        (_set("type", to="poem"), "type", "phải là một trong"),
        (_set("form", to="C"), "form", "phải là một trong"),
        (_set("bases", to="một"), "bases", "phải là một danh sách"),
        (_set("bases", to=["a", 7]), "bases[1]", "phải là chữ"),
        (_set("sections", 0, to=[]), "sections[0]", "nhóm khóa"),
        (_set("sections", 0, "level", to="dieu"), "sections[0].level", "phải là một trong"),
        (_set("sections", 0, "blocks", 0, to={}), "sections[0].blocks[0]", "đúng một trong"),
        (_set("sections", 0, "blocks", 0, to={"paragraph": "a", "bold": 1}), "sections[0].blocks[0].bold", "true hoặc"),
        (
            _set("sections", 0, "blocks", 0, to={"paragraph": [{"text": "a", "url": "javascript:x"}]}),
            "sections[0].blocks[0].paragraph[0].url",
            "liên kết",
        ),
        (_set(*TABLE, "rows", 1, to=[1, 2]), f"{AT_TABLE}.rows[1]", "hàng có 2 ô, bảng có 5 cột"),
        (_set(*TABLE, "rows", 1, 2, to=True), f"{AT_TABLE}.rows[1][2]", "phải là số"),
        (_set(*TABLE, "rows", 1, 4, to={"share": [1, 0]}), f"{AT_TABLE}.rows[1][4]", "mẫu số"),
        (_set(*TABLE, "rows", 1, 4, to=10**20), f"{AT_TABLE}.rows[1][4]", "lớn hoặc nhỏ"),
        (_set(*TABLE, "columns", to=[]), AT_TABLE, "ít nhất một cột"),
        (_set(*TABLE, "columns", 0, "width", to=0), f"{AT_TABLE}.columns[0].width", "độ rộng"),
        (_set(*TABLE, "columns", 0, "align", to="top"), f"{AT_TABLE}.columns[0].align", "phải là một trong"),
        (_set(*CHART, "series", 0, "values", to=[1]), f"{AT_CHART}.series[0].values", "1 giá trị, biểu đồ có 4 nhãn"),
        (_set(*CHART, "series", 0, "values", 0, to={"percent": 5}), AT_CHART, "không có cả hai"),
        (_set(*CHART, "kind", to="pie"), f"{AT_CHART}.kind", "phải là một trong"),
        (_set("signature", "prefix", to="TL."), "signature", "chức vụ của người ký"),
        (_set("annexes", 0, "number", to=0), "annexes[0].number", "số nguyên từ 1"),
        (_set("annexes", 0, "sources", 1, "reported", to=9), "annexes[0].sources[1]", "nhiều hơn"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], None], place: str, why: str
) -> None:
    tree = copy.deepcopy(REPORT)
    change(tree)
    with pytest.raises(Invalid) as caught:
        paper_from_json(json.dumps(tree, ensure_ascii=False).encode())
    assert caught.value.sentence.startswith(f"{place}: "), caught.value.sentence
    assert why in caught.value.sentence
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe{",
        b'{"a": 1',
        b'{"a": NaN}',
        b'{"type": "paper", "type": "paper"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_tree_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        paper_from_json(content)


def told_in_pdf(tree: dict[str, Any]) -> str:
    """What can be read on the pages themselves: words outside of them do not count, nor words over one another."""
    found: list[str] = []
    for page in pypdfium2.PdfDocument(pdf(paper_from(tree))):
        width, height = page.get_size()
        found.append(page.get_textpage().get_text_bounded(0, 0, width, height))
    return "\n".join(found)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["từ " * 4000 + "CUỐI", "bên cạnh"], id="a text"),
        pytest.param([{"value": "từ " * 4000 + "CUỐI", "url": "https://x.vn/1"}, 5], id="a figure"),
        pytest.param({"total": ["từ " * 4000 + "CUỐI", None]}, id="a total"),
        pytest.param({"heading": "từ " * 4000 + "CUỐI"}, id="a heading"),
    ],
)
def test_a_row_higher_than_a_page_goes_on_overleaf_and_loses_no_word(row: Any) -> None:
    table = {"columns": ["Việc", "Số"], "rows": [["trước", 1], row, ["SAU", 2]]}
    told = told_in_pdf({"header": {"issuer": "Xã A", "kind": "Báo cáo"}, "sections": [{"blocks": [{"table": table}]}]})
    assert told.count("từ") == 4000
    assert "CUỐI" in told
    assert "SAU" in told


def test_recipients_of_more_than_a_page_go_on_overleaf() -> None:
    recipients = [f"Ủy ban nhân dân xã số {number}" for number in range(145)]
    signature = {"prefix": "TM.", "head": "Chủ tịch", "body": "Ủy ban nhân dân", "name": "Trần Văn Bình"}
    told = told_in_pdf({"header": {"issuer": "Xã A"}, "recipients": recipients, "signature": signature})
    found = [int(number) for number in re.findall(r"xã số (\d+)", told)]
    assert found == list(range(145))
    assert "Trần Văn Bình" in told


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.floats() | st.text(max_size=8),
    lambda within: st.lists(within, max_size=4) | st.dictionaries(st.text(max_size=6), within, max_size=4),
    max_leaves=12,
)
PLACES = [
    ("header",),
    ("header", "day"),
    ("sections",),
    ("sections", 0),
    ("sections", 0, "blocks"),
    ("sections", 0, "blocks", 0),
    TABLE,
    (*TABLE, "rows"),
    (*TABLE, "rows", 1),
    (*TABLE, "rows", 1, 3),
    (*TABLE, "columns", 0),
    CHART,
    (*CHART, "series", 0),
    (*CHART, "series", 0, "values"),
    ("signature",),
    ("annexes", 0),
    ("annexes", 0, "sources", 1, "value"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), ANYTHING)
def test_any_tree_is_made_or_refused_and_nothing_else(place: tuple[str | int, ...], value: object) -> None:
    tree = copy.deepcopy(REPORT)
    _set(*place, to=value)(tree)
    try:
        paper = paper_from(tree)
    except Invalid:
        return
    assert isinstance(paper, Paper | Annex | Certificate)
    assert word(paper)
