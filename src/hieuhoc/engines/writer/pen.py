"""What writes into the cells of a workbook: formats made once, and text that never becomes a formula."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from hieuhoc.engines.writer.texts import COUNTRY, MOTTO, capitals, clean
from hieuhoc.engines.writer.widths import superior_line

FONT = "Times New Roman"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LINE_POINTS = 15.5
MM_PER_WIDTH = 1.95  # a column as wide as ten figures is about 19.5 mm
_VIETNAMESE = "[$-42A]"
_LONGEST = 32_000
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "'")
_EPOCH = datetime(1980, 1, 1)


class Pen:
    """Writes the cells of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        """A format, the same object for the same properties."""
        whole = {"font_name": FONT, "font_size": 12, "valign": "vcenter", "text_wrap": True, **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(whole)
        return self._formats[key]

    def words(self, page: Any, row: int, column: int, text: str, **properties: Any) -> None:
        text = clean(text)
        if not text:
            page.write_blank(row, column, None, self.style(**properties))
            return
        if text.startswith(_FORMULA_MARKS):
            properties["quote_prefix"] = True  # so that it stays text after somebody has edited the cell
        page.write_string(row, column, text[:_LONGEST], self.style(**properties))

    def across(self, page: Any, row: int, first: int, last: int, text: str, **properties: Any) -> None:
        """Words across some columns."""
        if first < last:
            page.merge_range(row, first, row, last, "", self.style(**properties))
        self.words(page, row, first, text, **properties)

    def number(
        self, page: Any, row: int, column: int, value: int | Fraction | None, *, decimals: int = 0, **more: Any
    ) -> None:
        """A number, or an empty cell where it is unknown."""
        style = self.style(border=1, align="right", num_format=pattern(decimals), **more)
        if value is None:
            page.write_blank(row, column, None, style)
        else:
            page.write_number(row, column, plain_number(value), style)

    def formula(
        self,
        page: Any,
        row: int,
        column: int,
        said: str,
        value: int | Fraction | None,
        *,
        decimals: int = 0,
        **more: Any,
    ) -> None:
        """A formula, and what it makes, for viewers that do not calculate."""
        style = self.style(border=1, align="right", num_format=pattern(decimals), **more)
        page.write_formula(row, column, said, style, "" if value is None else plain_number(value))

    def comment(self, page: Any, row: int, column: int, text: str) -> None:
        """What is said beside a cell, shown when somebody points at it."""
        page.write_comment(row, column, clean(text), {"x_scale": 2, "y_scale": 1.5})

    def letterhead(self, page: Any, *, superior: str, issuer: str, last: int) -> None:
        """The first two rows: who issues it, and the country's name and motto."""
        centre = {"align": "center"}
        above = superior_line(superior, 90, size=12) if superior.strip() else ""
        self.across(page, 0, 0, 1, above, **centre)
        self.across(page, 0, 2, last, COUNTRY, bold=True, **centre)
        self.across(page, 1, 0, 1, capitals(issuer), bold=True, underline=1, **centre)
        self.across(page, 1, 2, last, MOTTO, bold=True, underline=1, **centre)

    def properties(self, *, title: str, issuer: str, written_at: datetime | None) -> None:
        created = written_at.replace(tzinfo=None) if written_at else _EPOCH
        self.book.set_properties({"title": clean(title), "author": clean(issuer), "created": created})


def pattern(decimals: int) -> str:
    """How a number is written in a cell: a dot between thousands, a comma before decimals."""
    return f"{_VIETNAMESE}#,##0" + ("." + "0" * decimals if decimals else "")


def plain_number(value: int | Fraction) -> int | float:
    return int(value) if Fraction(value).denominator == 1 else float(value)


def print_on_a4(page: Any, *, landscape: bool) -> None:
    """A4, as wide as the page, the page's number at the foot."""
    page.set_paper(9)
    if landscape:
        page.set_landscape()
    page.set_margins(20 / 25.4, 15 / 25.4, 20 / 25.4, 20 / 25.4)
    page.fit_to_pages(1, 0)
    page.set_footer(f'&R&"{FONT},Regular"&10&P/&N')
    page.hide_gridlines(2)
