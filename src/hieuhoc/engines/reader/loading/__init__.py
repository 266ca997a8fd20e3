"""From a file to a `Source`: numbered lines, paragraphs and tables. The content decides, not the name."""

from hieuhoc.engines.reader.loading.encodings import decode
from hieuhoc.engines.reader.loading.formats import check, recognise
from hieuhoc.engines.reader.loading.plain import load_plain
from hieuhoc.engines.reader.loading.portable import load_pdf
from hieuhoc.engines.reader.loading.web import load_web
from hieuhoc.engines.reader.loading.word import load_word
from hieuhoc.engines.reader.source import Source
from hieuhoc.kernel.errors import Invalid

__all__ = ["check", "load"]


def load(content: bytes, name: str) -> Source:
    """The source of a file.

    Raises: Invalid (field "file"), with a sentence that names the file and says what to do.
    """
    check(content, name)
    form = recognise(content, name)
    if form == "docx":
        source = load_word(content, name)
    elif form == "pdf":
        source = load_pdf(content, name)
    elif form == "html":
        source = load_web(content, name)
    else:
        decoded = decode(content)
        if decoded is None:
            raise Invalid("Tệp “{name}” không phải là văn bản đọc được.", field="file", name=name)
        source = load_plain(decoded, form)
    if not source.blocks:
        raise Invalid("Tệp “{name}” không có chữ nào để đọc.", field="file", name=name)
    return source
