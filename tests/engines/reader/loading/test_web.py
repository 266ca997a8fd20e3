# ruff: noqa: E501 - pieces of HTML are clearer whole
"""Web pages."""

import pytest

from hieuhoc.engines.reader.loading import load
from hieuhoc.engines.reader.source import Paragraph, Source, Table
from hieuhoc.kernel.errors import Invalid


def _load(body: str, head: str = "<meta charset=utf-8>") -> Source:
    return load(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


def _texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def _grid(source: Source) -> list[list[str]]:
    (found,) = [block for block in source.blocks if isinstance(block, Table)]
    return [[inner.text for inner in row] for row in found.rows]


def test_what_belongs_to_the_site_is_left_out() -> None:
    source = _load(
        "<header>Cổng thông tin</header><nav><p>Trang chủ</p></nav><script>var x = 'mã'</script><style>p{}</style>"
        "<div style='display: none'>ẩn</div><select><option>Tìm</select><p>Nội dung</p><aside>Tin khác</aside><!-- x -->"
        "<footer>Bản quyền</footer>"
    )
    assert _texts(source) == ["Nội dung"]


def test_a_page_inside_a_form_is_read_and_the_banner_above_the_letterhead_is_not() -> None:
    source = _load(
        "<form><input value=x><div>Cổng thông tin huyện</div><a>Trang chủ</a><table><tr><td>UBND HUYỆN X</td><td>CỘNG HÒA "
        "XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr></table><p>KẾ HOẠCH</p></form>"
    )
    assert _texts(source) == ["UBND HUYỆN X", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "KẾ HOẠCH"]


def test_line_breaks_entities_and_inline_marks() -> None:
    source = _load("<p>Sở&nbsp;T&agrave;i <b>chính</b><br>Sở <i>Nội</i> vụ&lt;1&gt;</p>ngoài<div>trong</div>sau")
    assert _texts(source) == ["Sở Tài chính", "Sở Nội vụ<1>", "ngoài", "trong", "sau"]


def test_look_is_kept() -> None:
    source = _load("<h2>II. NHIỆM VỤ</h2><p align=center><strong>KẾ HOẠCH</strong></p><p>thường <b>đậm</b></p>")
    looks = [(b.bold, b.centred, b.heading) for b in source.blocks if isinstance(b, Paragraph)]
    assert looks == [(True, False, 2), (True, True, 0), (False, False, 0)]


def test_lists_carry_their_marks() -> None:
    source = _load("<ol start=3><li>x<li>y<ol type=a><li>z</ol><li>w</ol><ul><li>v</ul><ol type=I><li value=4>u</ol>")
    assert _texts(source) == ["3. x", "4. y", "a. z", "5. w", "- v", "IV. u"]


def test_merged_cells_stand_in_every_place() -> None:
    source = _load(
        "<table><thead><tr><th>TT<th>Nhiệm vụ<th>Chủ trì</thead><tbody><tr><td colspan=3>Nhóm 1<tr><td>1<td>Rà soát"
        "<td rowspan=0>Sở Y tế<tr><td>2<td>Báo<br>cáo</tbody></table>"
    )
    assert _grid(source) == [
        ["TT", "Nhiệm vụ", "Chủ trì"], ["Nhóm 1"] * 3, ["1", "Rà soát", "Sở Y tế"], ["2", "Báo\ncáo", "Sở Y tế"],
    ]  # fmt: skip


def test_a_table_that_only_places_things_is_opened() -> None:
    inner = "<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    source = _load(f"<table><tr><td>Trái</td><td><p>Phải</p>{inner}</td></tr></table>")
    assert _texts(source) == ["Trái", "Phải"]
    assert _grid(source) == [["1", "2"], ["3", "4"]]


def test_the_encoding_that_the_page_names_is_used() -> None:
    page = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1258'></head><p>Đăng ký ăn ở</p></html>"
    assert _texts(load(page.replace("ở", "ơ\u0309").replace("ý", "y\u0301").encode("cp1258"), "a.htm")) == [
        "Đăng ký ăn ở"
    ]
    assert _texts(load("<html><meta charset=x-none><p>Kế hoạch</p></html>".encode(), "a.html")) == ["Kế hoạch"]
    assert _texts(load("<html><p>Kế hoạch</p></html>".encode("utf-16"), "a.html")) == ["Kế hoạch"]


def test_a_page_saved_under_a_word_name_is_read_by_its_content() -> None:
    assert load("<html><body><p>Quyết định</p></body></html>".encode(), "van-ban.doc").format == "html"


def test_deep_nesting_is_read_and_absurd_nesting_refused() -> None:
    assert _texts(_load("<div>" * 1500 + "x" + "</div>" * 1500 + "<p>y</p>")) == ["x", "y"]
    _load("<p>a</p>" + "<table><tr><td>" * 200 + "x" + "</table>" * 200)
    with pytest.raises(Invalid, match="quá sâu"):
        _load("<div>" * 5000 + "x" + "</div>" * 5000 + "<p>y</p>")
