"""Files that are not read: each gets a sentence that names it and says what to do."""

import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from tests.factories.pdf_files import Sheet, pdf_file
from tests.factories.word_files import paragraph, word_file, zipped

from hieuhoc.engines.reader.loading import load
from hieuhoc.kernel.errors import Invalid

DOCUMENTS = Path(__file__).parents[3] / "fixtures/documents"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def _scan() -> bytes:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(595, 842)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.new("RGB", (60, 80), "white")))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(picture)
    page.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _bomb() -> bytes:
    return word_file(paragraph("a" * 30_000_000))


def _lying_bomb() -> bytes:
    content = bytearray(_bomb())
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"word/document.xml"))
    content[place + 24 : place + 28] = (1000).to_bytes(4, "little")  # says that it unpacks to 1000 bytes
    return bytes(content)


def _locked_zip() -> bytes:
    content = bytearray(word_file(paragraph("a")))
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"word/document.xml"))
    content[place + 8] |= 1
    return bytes(content)


def _entity_bomb() -> bytes:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{("&a" + str(n - 1 if n > 1 else "") + ";") * 10}">' for n in range(1, 12)
    )
    return zipped({"word/document.xml": f"{entities}]><w:document xmlns:w='w'><w:body>&a11;</w:body></w:document>"})


def _outside_entity() -> bytes:
    return zipped(
        {
            "word/document.xml": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><document><body>&e;</body></document>"
        }
    )


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"", "a.txt", "trống"),
        (b" \r\n\t\n", "a.txt", "trống"),
        (b"\0" * 100, "a.docx", "trống"),
        (b"\n---\n", "a.txt", "không có chữ"),
        (b"a" * 20_000_001, "a.txt", "20 MB"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", ".docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "mật khẩu"),
        (OLE + b"x", "a.xls", "Office"),
        (b"{\\rtf1 a}", "a.rtf", "RTF"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "a.jpg", "OCR"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.pdf", "OCR"),
        (zipped({"xl/workbook.xml": "<a/>"}), "a.xlsx", "Excel"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", "nén"),
        (zipped({"a.txt": "x"}), "a.docx", "nén"),
        (b"PK\x03\x04word/rubbish", "a.docx", "hỏng"),
        (word_file(paragraph("Sở Nội vụ"))[:-40], "a.docx", "hỏng"),
        (zipped({"word/document.xml": "<w:document><w:body>"}), "a.docx", "hỏng"),
        (word_file(""), "a.docx", "không có chữ"),
        (b"chi la chu", "a.docx", ".docx"),
        (b"chi la chu", "a.pdf", ".pdf"),
        (b"%PDF-1.7 rubbish", "a.pdf", "hỏng"),
        (pdf_file(Sheet().write(85, 700, "Xin chao cac ban than men"), encrypt=True), "a.pdf", "mật khẩu"),
        (pdf_file(Sheet()), "a.pdf", "OCR"),
        (_scan(), "a.pdf", "OCR"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0" * 20, "a.txt", "không phải là văn bản"),
        (_locked_zip(), "a.docx", "mật khẩu"),
        (_bomb(), "a.docx", "giải nén"),
        (_lying_bomb(), "a.docx", ""),
        (_entity_bomb(), "a.docx", ""),
        (_outside_entity(), "a.docx", "giải nén"),
        (b"<html><body><script>x</script></body></html>", "a.html", "không có chữ"),
    ],
)
def test_a_file_that_is_not_read_is_refused_with_a_sentence_that_names_it(content: bytes, name: str, word: str) -> None:
    with pytest.raises(Invalid) as caught:
        load(content, name)
    assert caught.value.sentence.startswith(f"Tệp “{name}” ")
    assert caught.value.sentence.endswith(".")
    assert word in caught.value.sentence
    assert caught.value.field == "file"


def test_a_table_blown_up_by_its_spans_is_refused() -> None:
    rows = "<tr>" + "<td colspan=200 rowspan=200>x</td>" * 50 + "</tr>"
    with pytest.raises(Invalid, match="bảng lớn"):
        load(f"<html><table>{rows * 200}</table></html>".encode(), "a.html")


@pytest.mark.parametrize("name", ["syn-ke-hoach-huyen.docx", "syn-ke-hoach-huyen-pdf.pdf", "syn-chi-thi.html"])
def test_a_file_cut_or_spoiled_anywhere_is_read_or_refused_but_never_fails(name: str) -> None:
    content = (DOCUMENTS / name).read_bytes()
    for place in range(0, len(content), max(1, len(content) // 40)):
        for spoiled in (content[:place], content[:place] + b"\xff\0<>" + content[place + 4 :]):
            try:
                load(spoiled, name)
            except Invalid as error:
                assert name in error.sentence  # noqa: PT017 - either outcome is right, none other is


def test_pictures_inside_a_word_file_may_be_as_large_as_they_like() -> None:
    stream = io.BytesIO(word_file(paragraph("Sở Nội vụ")))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.bmp", b"\0" * 70_000_000)
    assert load(stream.getvalue(), "a.docx").lines == ("Sở Nội vụ",)
