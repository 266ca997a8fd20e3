"""What every file becomes before it is read: numbered lines, and on them paragraphs and tables in order.

A loader (`loading`) makes a `Source` from a file; everything after it knows no file format.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as the file has it, before wrapped lines and page breaks are joined.

    `text` opens with its automatic number ("1.", "a)") where the file numbers by itself.
    Units: `first` and `last` are 1-based numbers in `Source.lines`, both included.
    """

    text: str
    first: int
    last: int
    bold: bool = False
    centred: bool = False
    heading: int = 0  # outline level that the file declares (Word "Heading 1", <h1>, "#"); 0 where none


@dataclass(frozen=True)
class Cell:
    """One place of a table's grid. A merged cell stands, equal, in every place that it covers."""

    text: str
    first: int
    last: int
    row: int  # where the merged cell begins; equal to the place itself for a single cell
    column: int


@dataclass(frozen=True)
class Table:
    """A table as a full grid: every row has the same number of cells."""

    rows: tuple[tuple[Cell, ...], ...]
    first: int
    last: int

    def __post_init__(self) -> None:
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("a table's rows must have the same number of cells")


Block = Paragraph | Table


@dataclass(frozen=True)
class Source:
    """A document's text as numbered lines, with its paragraphs and tables in reading order.

    `lines` is what a person sees beside the reading; every block names the lines it stands on.
    `wrapped` says that lines break where the page ended them (PDF, typed text), so that a
    sentence may go on in the next paragraph.
    """

    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    format: str  # "txt", "md", "html", "docx", "pdf"
    wrapped: bool = False
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()  # what the loader had to repair, as sentences in Vietnamese
