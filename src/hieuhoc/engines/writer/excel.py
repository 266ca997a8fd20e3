"""Tables as an Excel workbook whose sheets are forms: ready to print, to sign, and to go on working with.

Text is always written as text, whatever it begins with: nothing that a user typed becomes a formula.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from hieuhoc.engines.writer.paper import Cell, Figure, Heading, Sheet, Signature, Table, Total
from hieuhoc.engines.writer.tables import spread, title_runs
from hieuhoc.engines.writer.texts import COUNTRY, MOTTO, capitals, cell_text, clean, day_line, places_of
from hieuhoc.engines.writer.widths import lines_in, superior_line, width_mm
from hieuhoc.kernel.vietnamese import squeeze

_FONT = "Times New Roman"
_PIXELS_PER_MM = 96 / 25.4
_LEFT_MM, _RIGHT_MM, _TOP_MM, _BOTTOM_MM, _HEADER_MM = 20.0, 15.0, 20.0, 20.0, 10.0
_LONGEST_TEXT = 32_767  # what a cell of Excel can hold
_LAST_ROW = 1_048_576
_EXACT_DIGITS = 15  # Excel counts in floating point: longer numbers would lose their end
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900; earlier days are written as words
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "'")
_VIETNAMESE = "[$-42A]"  # numbers with a dot between thousands, wherever the reader's program lets a form decide
_LINE_SHARE = 0.4
_SIGNING_ROWS = 4
_LINE_POINTS = 15.5  # one line of 12 points
_HIGHEST_ROW = 409
_ALIGNS = {"left": "left", "centre": "center", "right": "right", "both": "justify"}


def workbook(sheets: Sequence[Sheet], *, written_at: datetime | None = None) -> bytes:
    """The Excel file of some sheets, in their order.

    The same sheets give the same bytes; `written_at` goes into the file's properties and nowhere else.
    Raises: ValueError without a sheet, or when a table has more rows than Excel can hold.
    """
    if not sheets:
        raise ValueError("a workbook has at least one sheet")
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    created = written_at.replace(tzinfo=None) if written_at else datetime(1980, 1, 1)
    author = squeeze(clean(sheets[0].issuer))
    book.set_properties({"title": squeeze(clean(sheets[0].title)), "author": author, "created": created})
    formats: dict[tuple[tuple[str, Any], ...], Any] = {}
    for name, sheet in zip(_tab_names(sheets), sheets, strict=True):
        _Form(book, formats, name, sheet).write()
    book.close()
    return file.getvalue()


class _PrintedSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose page number is left out on page 1, which the library cannot ask for."""

    def _write_header_footer(self) -> None:
        self._xml_start_tag("headerFooter", [("differentFirst", 1)])
        self._write_odd_header()
        self._xml_end_tag("headerFooter")


class _Form:
    """One sheet being written from the top down. `row` is the next free row."""

    def __init__(self, book: Any, formats: dict[tuple[tuple[str, Any], ...], Any], name: str, sheet: Sheet) -> None:
        self.book, self.formats, self.sheet, self.name = book, formats, sheet, name
        self.page = book.add_worksheet(name, worksheet_class=_PrintedSheet)
        self.row = 0
        room = (297 if sheet.landscape else 210) - _LEFT_MM - _RIGHT_MM
        self.widths = spread([column.width_mm for column in sheet.table.columns], room)
        self.last = len(self.widths) - 1
        self.split = _split(self.widths)

    def write(self) -> None:
        for place, width in enumerate(self.widths):
            self.page.set_column_pixels(place, place, round(width * _PIXELS_PER_MM))
        if self.sheet.issuer.strip():
            self._letterhead()
        self._titles()
        first, last = self._column_titles(self.sheet.table)
        self._rows(self.sheet.table)
        self._notes()
        if self.sheet.signer is not None:
            self._signing(self.sheet.signer)
        self._printing(first, last)

    def _format(self, **properties: Any) -> Any:
        whole = {"font_name": _FONT, "font_size": 12, "valign": "vcenter", "text_wrap": True, **properties}
        key = tuple(sorted(whole.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(whole)
        return self.formats[key]

    def _words(self, row: int, column: int, text: str, **properties: Any) -> None:
        if not text:
            self.page.write_blank(row, column, None, self._format(**properties))
            return
        if text.startswith(_FORMULA_MARKS):
            properties["quote_prefix"] = True  # so that it stays text after somebody has edited the cell
        if len(text) > _LONGEST_TEXT // 2 and _cut(text, _LONGEST_TEXT) != text:
            text = f"{_cut(text, _LONGEST_TEXT - 1)}…"
        self.page.write_string(row, column, text, self._format(**properties))

    def _across(self, row: int, first: int, last: int, text: str, **properties: Any) -> float:
        """Words across some columns; returns the height they need, which Excel does not find for merged cells."""
        if first != last:
            self.page.merge_range(row, first, row, last, "", self._format(**properties))
        self._words(row, first, text, **properties)
        size: float = properties.get("font_size", 12)
        room = sum(self.widths[first : last + 1]) - 2
        return lines_in(text, room, size=size, bold=properties.get("bold", False)) * size / 12 * _LINE_POINTS

    def _line(self, text: str, **properties: Any) -> None:
        """A row of words across the whole table."""
        height = self._across(self.row, 0, self.last, text, **properties) + 4
        self.page.set_row(self.row, min(height, _HIGHEST_ROW))
        self.row += 1

    def _gap(self, points: float = 8) -> None:
        self.page.set_row(self.row, points)
        self.row += 1

    def _letterhead(self) -> None:
        issuer = capitals(self.sheet.issuer).strip()
        superior = superior_line(self.sheet.superior, sum(self.widths[: self.split]), size=12)
        ours = [(superior, False)] if superior else []
        ours += [(issuer, True), *([] if superior else [("", False)])]
        theirs = [(COUNTRY, True), (MOTTO, True)]
        if self.split == 0:  # one column: one above the other
            for text, bold in (*(pair for pair in ours if pair[0]), *theirs):
                self._line(text, bold=bold, align="center")
            self._gap()
            return
        for (left, left_bold), (right, right_bold) in zip(ours, theirs, strict=True):
            style = {"align": "center", "valign": "top"}
            heights = (
                self._across(self.row, 0, self.split - 1, left, bold=left_bold, **style),
                self._across(self.row, self.split, self.last, right, bold=right_bold, **style),
            )
            self.page.set_row(self.row, max(heights) + 2)
            self.row += 1
        left_room = sum(self.widths[: self.split])
        issuer_length = min(width_mm(issuer, size=12, bold=True), left_room) * _LINE_SHARE
        self._rule(self.row - (0 if superior else 1), 0, left_room, issuer_length)
        self._rule(self.row, self.split, sum(self.widths[self.split :]), width_mm(MOTTO, size=12, bold=True))
        self._gap(14)

    def _rule(self, row: int, column: int, room: float, length: float) -> None:
        """A solid line, centred under the words above."""
        length = min(length, room)
        self.page.insert_textbox(
            row,
            column,
            "",
            {
                "width": round(length * _PIXELS_PER_MM),
                "height": 1,
                "x_offset": round((room - length) / 2 * _PIXELS_PER_MM),
                "y_offset": 1,
                "fill": {"color": "black"},
                "line": {"none": True},
                "object_position": 1,
                "decorative": True,
            },
        )

    def _titles(self) -> None:
        self._line(capitals(self.sheet.title).strip(), bold=True, font_size=14, align="center")
        for text in self.sheet.lines:
            self._line(clean(text), italic=True, align="center")
        self._gap()

    def _column_titles(self, table: Table) -> tuple[int, int]:
        """The titles of the columns; returns the first and last of their rows."""
        style: dict[str, Any] = {"bold": True, "align": "center", "border": 1}
        first = self.row
        grouped = any(column.group for column in table.columns)
        start = 0
        for group, count in title_runs(table.columns) if grouped else []:
            title = clean(group or table.columns[start].title)
            if group:
                self._across(first, start, start + count - 1, title, **style)
            else:
                self.page.merge_range(first, start, first + 1, start, "", self._format(**style))
                self._words(first, start, title, **style)
            start += count
        self.row += grouped
        for place, column in enumerate(table.columns):
            if column.group or not grouped:
                self._words(self.row, place, clean(column.title), **style)
        self._title_heights(table, first, grouped=grouped)
        self.row += 1
        if table.number_row:
            for place in range(len(table.columns)):
                self._words(self.row, place, f"({place + 1})", italic=True, align="center", border=1)
            self.row += 1
        return first, self.row - 1

    def _title_heights(self, table: Table, first: int, *, grouped: bool) -> None:
        """Merged titles do not make room for themselves: the rows are made as high as the highest needs."""
        needed = {True: 1, False: 1}
        for column, width in zip(table.columns, self.widths, strict=True):
            alone = grouped and not column.group
            needed[alone] = max(needed[alone], lines_in(clean(column.title), width - 2, size=12, bold=True))
        upper = 20.0 if grouped else 0.0
        lower = max(needed[False] * _LINE_POINTS + 6, needed[True] * _LINE_POINTS + 6 - upper)
        if grouped:
            self.page.set_row(first, upper)
        self.page.set_row(self.row, lower)

    def _rows(self, table: Table) -> None:
        if self.row + len(table.rows) + len(self.sheet.notes) + 20 > _LAST_ROW:
            raise ValueError(f"{len(table.rows)} rows are more than a sheet can hold")
        styles = [{"align": _ALIGNS[column.align], "border": 1} for column in table.columns]
        for style in styles:
            if style["align"] == "right":
                style["indent"] = 1  # else a number touches the words of the next column
        for row in table.rows:
            if isinstance(row, Heading):
                self._line(clean(row.text), bold=True, italic=row.level > 1, border=1)
                continue
            cells = row.cells if isinstance(row, Total) else row
            for place, cell in enumerate(cells):
                self._value(place, cell, {**styles[place], "bold": True} if isinstance(row, Total) else styles[place])
            self.page.set_row(self.row, self._height(cells))
            self.row += 1

    def _height(self, row: Sequence[Cell]) -> float:
        """The height of a row in points. Excel would find it by itself, but not every program that prints the form."""
        lines = 1
        for cell, width in zip(row, self.widths, strict=True):
            value = cell_text(cell) if isinstance(cell, tuple | Figure) else cell
            if isinstance(value, str) and (len(value) * 1.6 > width - 2 or "\n" in value):
                lines = max(lines, lines_in(clean(value), width - 2, size=12))
        return min(lines * _LINE_POINTS + 4, _HIGHEST_ROW)

    def _value(self, place: int, cell: Cell, style: dict[str, Any]) -> None:
        told = cell.value if isinstance(cell, Figure) else cell
        value = cell_text(told) if isinstance(told, tuple) else told
        kept_as_words = (
            (isinstance(value, date) and value < _FIRST_DAY)
            or (isinstance(value, int) and len(str(abs(value))) > _EXACT_DIGITS)
            or (isinstance(value, Decimal) and len(value.as_tuple().digits) > _EXACT_DIGITS)
        )
        if value is None or isinstance(value, str) or kept_as_words:
            self._words(self.row, place, cell_text(value), **style)
        elif isinstance(value, date):
            self.page.write_datetime(self.row, place, value, self._format(num_format="dd/mm/yyyy", **style))
        elif isinstance(value, Fraction):
            whole = (value * 100).denominator == 1
            self.page.write_number(
                self.row,
                place,
                float(value),
                self._format(num_format=_VIETNAMESE + ("0%" if whole else "0.0%"), **style),
            )
        else:
            places = places_of(value) if isinstance(value, Decimal) else 0
            pattern = _VIETNAMESE + "#,##0" + ("." + "0" * places if places else "")
            self.page.write_number(self.row, place, value, self._format(num_format=pattern, **style))

    def _notes(self) -> None:
        if self.sheet.notes:
            self._gap(6)
        for note in self.sheet.notes:
            self._line(clean(note), italic=True, font_size=11, align="left")

    def _signing(self, signer: Signature) -> None:
        """The block of the signer, in the right half, with room for hand and seal."""
        self._gap(10)
        style: dict[str, Any] = {"align": "center", "bold": True, "font_size": 13}
        first = self.split
        if self.sheet.day is not None or self.sheet.place.strip():
            day = day_line(self.sheet.place, self.sheet.day)
            height = self._across(self.row, first, self.last, day, align="center", italic=True, font_size=13)
            self.page.set_row(self.row, height + 2)
            self.row += 1
        titles = f"{capitals(signer.authority)}\n{capitals(signer.post)}".strip().split("\n")
        for title in titles:
            self.page.set_row(self.row, self._across(self.row, first, self.last, title, **style) + 1)
            self.row += 1
        self.row += _SIGNING_ROWS
        self.page.set_row(self.row, self._across(self.row, first, self.last, clean(signer.name), **style) + 2)
        self.row += 1

    def _printing(self, first_title: int, last_title: int) -> None:
        """A4, as wide as the page, titles on every page, the page's number in the top margin."""
        page = self.page
        page.set_paper(9)
        if self.sheet.landscape:
            page.set_landscape()
        inches = [side / 25.4 for side in (_LEFT_MM, _RIGHT_MM, _TOP_MM, _BOTTOM_MM)]
        page.set_margins(*inches)
        page.set_header(f'&C&"{_FONT},Regular"&13&P', {"margin": _HEADER_MM / 25.4})
        page.set_start_page(1)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.repeat_rows(first_title, last_title)
        page.print_area(0, 0, self.row - 1, self.last)
        page.freeze_panes(last_title + 1, 0)
        page.hide_gridlines(2)


def _split(widths: list[float]) -> int:
    """The first column of the right half: the left one is nearest to 42 % of the whole; 0 for one column."""
    whole, best, least = sum(widths), 0, 1.0
    for place in range(1, len(widths)):
        distance = abs(sum(widths[:place]) / whole - 0.42)
        if distance < least:
            best, least = place, distance
    return best


def _tab_names(sheets: Sequence[Sheet]) -> list[str]:
    """What stands on the tabs: at most 31 letters, none that Excel forbids, no two alike."""
    names: list[str] = []
    taken: set[str] = {"history"}  # Excel keeps this name for itself
    for place, sheet in enumerate(sheets, start=1):
        plain = " ".join("".join(" " if sign in "[]:*?/\\" else sign for sign in clean(sheet.name)).split()).strip("'")
        name = _cut(plain, 31).strip(" '") or f"Trang {place}"
        again = 1
        while name.lower() in taken:
            again += 1
            ending = f" ({again})"
            name = f"{_cut(plain, 31 - len(ending)).strip()}{ending}"
        taken.add(name.lower())
        names.append(name)
    return names


def _cut(text: str, most: int) -> str:
    """The beginning of a text, `most` signs long as Excel counts them: one outside the basic plane counts twice."""
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
