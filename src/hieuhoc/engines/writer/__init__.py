"""Official papers as Word files and tables as Excel forms, by the layout of Decree 30/2020/NĐ-CP. See README.md."""

from hieuhoc.engines.writer.document import word
from hieuhoc.engines.writer.excel import workbook
from hieuhoc.engines.writer.paper import Annex, Column, Heading, Paper, Paragraph, Sheet, Signature, Table

__all__ = [
    "Annex",
    "Column",
    "Heading",
    "Paper",
    "Paragraph",
    "Sheet",
    "Signature",
    "Table",
    "word",
    "workbook",
]
