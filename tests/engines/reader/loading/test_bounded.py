"""Reading in a process of its own: the same result, and a sentence however the process ends."""

import threading
from pathlib import Path

import pytest
from tests.factories.word_files import paragraph, word_file

from hieuhoc.engines.reader.bounded import read_bounded, read_here
from hieuhoc.engines.reader.reading import Reading
from hieuhoc.engines.reader.source import Source
from hieuhoc.kernel.errors import Invalid

DOCUMENTS = Path(__file__).parents[3] / "fixtures/documents"


@pytest.mark.parametrize(
    "name",
    ["07-tuyenquang-namhoc-2024.txt", "syn-ke-hoach-huyen.docx", "syn-ke-hoach-huyen-pdf.pdf", "syn-chi-thi.html"],
)
def test_the_child_reads_what_this_process_reads(name: str) -> None:
    content = (DOCUMENTS / name).read_bytes()
    assert read_bounded(content, name) == read_here(content, name)


def test_a_refusal_comes_back_as_it_was_said() -> None:
    with pytest.raises(Invalid) as caught:
        read_bounded(b"%PDF-1.4 x", "kế hoạch.pdf")
    assert caught.value.sentence.startswith("Tệp “kế hoạch.pdf” bị hỏng")
    assert caught.value.field == "file"


def test_too_long_a_reading_is_stopped() -> None:
    content = (DOCUMENTS / "09-ttg-ncc-2018.txt").read_bytes() * 600
    with pytest.raises(Invalid, match="giây"):
        read_bounded(content, "dai.txt", seconds=1.5)


def test_too_large_a_reading_is_stopped() -> None:
    content = word_file("".join(paragraph(f"Sở Nội vụ {place * 7919} {place}") for place in range(100_000)))
    with pytest.raises(Invalid, match=r"bộ nhớ|phức tạp"):
        read_bounded(content, "lon.docx", seconds=30, megabytes=130)


def test_many_threads_may_read_at_once() -> None:
    content = (DOCUMENTS / "syn-chi-thi.html").read_bytes()
    found: list[tuple[Source, Reading]] = []
    threads = [threading.Thread(target=lambda: found.append(read_bounded(content, "a.html"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [read_here(content, "a.html")] * 4
