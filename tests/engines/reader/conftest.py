"""Sources written in a test, a line a paragraph."""

from collections.abc import Callable

import pytest

from hieuhoc.engines.reader import Reading, Source, read
from hieuhoc.engines.reader.source import Paragraph


def typed(text: str, *, wrapped: bool = False) -> Source:
    """A source as a plain text file gives it: every line that is not blank a paragraph."""
    lines = tuple(text.split("\n"))
    blocks = tuple(Paragraph(line, number, number) for number, line in enumerate(lines, start=1) if line.strip())
    return Source(lines, blocks, "txt", wrapped=wrapped)


@pytest.fixture
def read_text() -> Callable[[str], Reading]:
    return lambda text: read(typed(text))


@pytest.fixture
def read_wrapped() -> Callable[[str], Reading]:
    return lambda text: read(typed(text, wrapped=True))
