"""A tree that could not have been is not built, and the sentence names the unit."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from hieuhoc.engines.rollup import Life, Span, Succession, Tree
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing

D1, D2, D3, D4 = (date(year, 7, 1) for year in (2018, 2020, 2025, 2027))
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def life(unit: str, start: date = D1, end: date | None = None, parent: str | None = None, code: str = "") -> Life:
    return Life(unit, (Span(start, end, parent, "xã", code),), f"Xã {unit}")


def merger(*successions: Succession) -> Tree:
    """A and B end on D3 and C begins; E goes on."""
    return Tree([life("A", end=D3), life("B", end=D3), life("C", D3), life("E")], successions)


WRONG: dict[str, tuple[Callable[[], object], type[HouseError], str]] = {
    "a life without a span": (lambda: Life("A", (), "Xã A"), Invalid, "“Xã A” không có khoảng thời gian nào."),
    "a span that ends before it begins": (
        lambda: life("A", D2, D1),
        Invalid,
        "“Xã A”: ngày kết thúc 1/7/2018 không sau ngày bắt đầu 1/7/2020.",
    ),
    "a span of no day": (lambda: life("A", D2, D2), Invalid, "“Xã A”: ngày kết thúc"),
    "two spans at one time": (
        lambda: Life("A", (Span(D1, D3, "H1"), Span(D2, None, "H2"))),
        Invalid,
        "“A” đứng ở hai chỗ cùng lúc từ ngày 1/7/2020.",
    ),
    "an open span before another": (lambda: Life("A", (Span(D1), Span(D2))), Invalid, "“A” đứng ở hai chỗ cùng lúc"),
    "a gap in a life": (
        lambda: Life("A", (Span(D1, D2), Span(D3))),
        Invalid,
        "“A” bị ngắt quãng từ ngày 1/7/2020 đến ngày 1/7/2025.",
    ),
    "a unit beneath itself": (lambda: life("A", parent="A"), Invalid, "“Xã A” không thể là cấp trên của chính mình."),
    "two lives of one identity": (
        lambda: Tree([life("A", D1, D2), life("A", D2)]),
        Conflict,
        "Có hai đơn vị cùng mang khóa “A”.",
    ),
    "an unknown parent": (
        lambda: Tree([life("A", parent="H")]),
        Invalid,
        "Cấp trên “H” của “Xã A” không có trong cây.",
    ),
    "a parent that is not there yet": (
        lambda: Tree([life("A", parent="H"), life("H", D2)]),
        Invalid,
        "“Xã A” trực thuộc “Xã H” vào ngày 1/7/2018, là ngày đơn vị ấy không tồn tại.",
    ),
    "a parent that is no longer there": (
        lambda: Tree([life("A", parent="H"), life("H", D1, D3)]),
        Invalid,
        "“Xã A” trực thuộc “Xã H” vào ngày 1/7/2025,",
    ),
    "two units beneath each other": (
        lambda: Tree([life("A", parent="B"), life("B", parent="A")]),
        Invalid,
        "Vào ngày 1/7/2018 có một vòng tròn cấp trên: “Xã A” → “Xã B” → “Xã A”.",
    ),
    "a circle that closes later": (
        lambda: Tree(
            [
                Life("A", (Span(D1, D2), Span(D2, None, "C"))),
                Life("B", (Span(D1, None, "A"),)),
                Life("C", (Span(D1, None, "B"),)),
            ]
        ),
        Invalid,
        "Vào ngày 1/7/2020 có một vòng tròn cấp trên: “A” → “C” → “B” → “A”.",
    ),
    "a code held twice": (
        lambda: Tree([life("A", code="30742"), life("B", D2, code="30742")]),
        Conflict,
        "Mã 30742 có hai đơn vị cùng giữ vào ngày 1/7/2020: “Xã A” và “Xã B”.",
    ),
    "an unknown predecessor": (
        lambda: merger(Succession("X", "C", D3)),
        Invalid,
        "Dòng kế thừa nêu “X”, không có trong cây.",
    ),
    "an unknown heir": (lambda: merger(Succession("A", "X", D3)), Invalid, "Dòng kế thừa nêu “X”"),
    "an heir of itself": (
        lambda: merger(Succession("E", "E", D3, HALF)),
        Invalid,
        "“Xã E” không thể kế thừa chính mình.",
    ),
    "a predecessor that had ended before": (
        lambda: merger(Succession("A", "E", D4)),
        Invalid,
        "“Xã A” không tồn tại trước ngày 1/7/2027, nên không có gì để chuyển cho “Xã E”.",
    ),
    "a predecessor that began that day": (lambda: merger(Succession("C", "E", D3, HALF)), Invalid, "“Xã C” không tồn"),
    "an heir that has not begun": (
        lambda: merger(Succession("E", "C", D2, HALF)),
        Invalid,
        "“Xã C” không tồn tại vào ngày 1/7/2020, nên không thể kế thừa “Xã E”.",
    ),
    "an heir that ends that day": (lambda: merger(Succession("A", "B", D3)), Invalid, "“Xã B” không tồn tại vào ngày"),
    "a share that is a float": (
        lambda: merger(Succession("A", "C", D3, 0.5)),
        Invalid,
        "Tỷ lệ của “Xã A” phải là phân số: 0.5.",
    ),
    "a share of nothing": (
        lambda: merger(Succession("A", "C", D3, Fraction(0))),
        Invalid,
        "Tỷ lệ của “Xã A” phải lớn hơn 0 và không quá 1: 0.",
    ),
    "a share of more than all": (
        lambda: merger(Succession("A", "C", D3, Fraction(3, 2))),
        Invalid,
        "không quá 1: 3/2.",
    ),
    "shares of an ended unit that do not reach 1": (
        lambda: merger(Succession("A", "C", D3, THIRD), Succession("A", "E", D3, THIRD)),
        Invalid,
        "“Xã A” kết thúc ngày 1/7/2025 nhưng các tỷ lệ cộng lại là 2/3, không phải 1.",
    ),
    "shares of an ended unit that exceed 1": (
        lambda: merger(Succession("A", "C", D3, 2 * THIRD), Succession("A", "E", D3, HALF)),
        Invalid,
        "cộng lại là 7/6, không phải 1.",
    ),
    "more leaves a unit than there is": (
        lambda: Tree(
            [life("A"), life("B"), life("C")],
            [Succession("A", "B", D3, 2 * THIRD), Succession("A", "C", D3, 2 * THIRD)],
        ),
        Invalid,
        "“Xã A” chuyển đi ngày 1/7/2025 nhiều hơn chính nó: 4/3.",
    ),
    "the same succession twice": (
        lambda: merger(Succession("A", "C", D3, HALF), Succession("A", "C", D3, HALF)),
        Conflict,
        "“Xã C” kế thừa “Xã A” hai lần vào ngày 1/7/2025.",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_could_not_have_been_is_refused(wrong: str) -> None:
    build, kind, sentence = WRONG[wrong]
    with pytest.raises(kind) as refusal:
        build()
    assert sentence in refusal.value.sentence


def test_a_code_may_go_from_hand_to_hand() -> None:
    tree = Tree(
        [
            life("Vĩnh Bảo", D1, D2, code="30742"),
            life("Vĩnh Thanh Vân", D2, D3, code="30742"),
            life("Rạch Giá", D3, code="30742"),
        ]
    )
    holders = [tree.holder("30742", day) for day in (D1, D2 - timedelta(days=1), D2, D3, D4)]
    assert holders == ["Vĩnh Bảo", "Vĩnh Bảo", "Vĩnh Thanh Vân", "Rạch Giá", "Rạch Giá"]
    assert tree.holder("30742", D1 - timedelta(days=1)) is None
    assert tree.holder("30730", D1) is None


def test_a_tree_cannot_be_changed_and_equals_one_built_from_the_same() -> None:
    tree = merger(Succession("A", "C", D3), Succession("B", "C", D3))
    assert tree == merger(Succession("B", "C", D3), Succession("A", "C", D3))
    with pytest.raises(AttributeError):
        tree.lives = ()


@pytest.mark.parametrize("question", ["parent", "level", "code", "ancestors", "path", "children", "descendants"])
def test_asking_of_a_unit_outside_its_life_is_answered_in_words(question: str) -> None:
    tree = merger()
    with pytest.raises(Missing, match="“Xã C” không tồn tại vào ngày 30/6/2025"):
        getattr(tree, question)("C", D3 - timedelta(days=1))
    with pytest.raises(Missing, match="Không có đơn vị “X”"):
        getattr(tree, question)("X", D3)


def test_two_days_lie_on_one_map_until_something_changes() -> None:
    tree = merger(Succession("E", "C", D4, HALF))
    days = [D1, D2, D3 - timedelta(days=1), D3, D4 - timedelta(days=1), D4]
    assert [tree.turn(day) for day in days] == [1, 1, 1, 2, 2, 3]


def test_what_happens_on_one_day_happens_at_once() -> None:
    """A gives half of itself to E on the day on which E gives half of itself to C: nothing of A comes to C."""
    tree = Tree([life("A"), life("E"), life("C", D1)], [Succession("A", "E", D3, HALF), Succession("E", "C", D3, HALF)])
    assert [one.unit for one in tree.heirs("A", D1, D3)] == ["A", "E"]
    assert [one.unit for one in tree.predecessors("C", D1, D3)] == ["E", "C"]
