"""`hieuhoc paper FILE --out FILE`: an official paper from a tree in JSON, as Word or as PDF."""

import os
import tempfile
from pathlib import Path

import click

from hieuhoc.engines.writer import pdf, word
from hieuhoc.engines.writer.given import paper_from_json
from hieuhoc.kernel.errors import HouseError

_WRITERS = {".docx": word, ".pdf": pdf}
_MOST_BYTES = 64_000_000


class _Wrong(click.ClickException):
    """What was given cannot be written as a paper: one line, and the code of wrong use."""

    exit_code = 2


@click.command()
@click.argument("file", metavar="REPORT.json", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help=".docx or .pdf")
def paper(file: Path, out: Path) -> None:
    """Make an official paper (Word or PDF) from a tree in JSON. The tree is described in docs/reference/paper.md."""
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        raise _Wrong(f"{out}: tên tệp ra phải kết thúc bằng .docx hoặc .pdf.")
    try:
        content = writer(paper_from_json(_read(file)))
    except HouseError as error:
        raise _Wrong(f"{file}: {error.sentence}") from error
    try:
        _write(out, content)
    except OSError as error:
        raise _Wrong(f"{out}: không ghi được ({error.strerror}).") from error


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _Wrong(f"{file}: tệp lớn quá {_MOST_BYTES // 1_000_000} MB.")
        return file.read_bytes()
    except OSError as error:
        raise _Wrong(f"{file}: không đọc được ({error.strerror}).") from error


def _write(out: Path, content: bytes) -> None:
    """The whole file or none: what stood there before stays until the new one is complete."""
    if out.is_dir():
        raise IsADirectoryError(21, "đó là một thư mục")
    handle, name = tempfile.mkstemp(prefix=f".{out.name[:40]}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
