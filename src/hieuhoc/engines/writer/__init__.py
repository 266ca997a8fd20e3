"""Official papers as Word and PDF files and tables as Excel forms, by the layout of Decree 30/2020/NĐ-CP.

See README.md.
"""

from hieuhoc.engines.writer.document import word
from hieuhoc.engines.writer.excel import workbook
from hieuhoc.engines.writer.paper import (
    Annex,
    Certificate,
    Chart,
    Column,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Run,
    Series,
    Sheet,
    Signature,
    Table,
    Total,
)
from hieuhoc.engines.writer.printed import pdf, picture_png
from hieuhoc.engines.writer.signing import authority
from hieuhoc.engines.writer.sources import Source, sources_annex

__all__ = [
    "Annex",
    "Certificate",
    "Chart",
    "Column",
    "Figure",
    "Heading",
    "Paper",
    "Paragraph",
    "Run",
    "Series",
    "Sheet",
    "Signature",
    "Source",
    "Table",
    "Total",
    "authority",
    "pdf",
    "picture_png",
    "sources_annex",
    "word",
    "workbook",
]
