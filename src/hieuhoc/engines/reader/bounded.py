"""Reads a file in a process of its own, so that no file can take the server's time, memory or life.

A broken or hostile file may make a parser loop, swell or crash. The child has a ceiling of memory and of time, and
however it dies, the caller gets `Invalid` with a sentence. Values cross as JSON, never as pickles, which would let a
child that was taken over take over its parent. Safe to call from threads.
"""

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import IO, Any

from hieuhoc.engines.reader.carrying import reading_as_plain, reading_from_json, source_as_json, source_from_json
from hieuhoc.engines.reader.document import read
from hieuhoc.engines.reader.loading import check, load
from hieuhoc.engines.reader.reading import Reading
from hieuhoc.engines.reader.source import Source
from hieuhoc.kernel.errors import Invalid

_ROOT = Path(__file__).resolve().parents[3]  # where the package `hieuhoc` is found
_LARGEST_ANSWER = 200_000_000  # bytes
_OUT_OF_MEMORY = 77  # exit status
_log = logging.getLogger(__name__)


def read_here(content: bytes, name: str) -> tuple[Source, Reading]:
    """Reads a file in this process, with no bound but the file's size.

    Raises: Invalid (field "file").
    """
    source = load(content, name)
    return source, read(source)


def read_bounded(content: bytes, name: str, *, seconds: float = 10, megabytes: int = 500) -> tuple[Source, Reading]:
    """Reads a file in a child process that may take so long and grow so large.

    Units: `megabytes` of address space, 10^6 bytes each.
    Raises: Invalid (field "file") for a file that cannot be read, or not within the bounds.
    """
    check(content, name)
    order = json.dumps({"name": name, "seconds": seconds, "megabytes": megabytes}).encode()
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        status = _run(order + b"\n" + content, answer, complaint, seconds)
        if status is None:
            raise Invalid(
                "Tệp “{name}” cần hơn {seconds} giây để đọc nên đã dừng. Hãy tách thành nhiều tệp rồi tải lên.",
                field="file",
                name=name,
                seconds=f"{seconds:g}",
            )
        if status == _OUT_OF_MEMORY:
            raise Invalid(
                "Tệp “{name}” cần quá nhiều bộ nhớ để đọc. Hãy tách thành tệp nhỏ hơn rồi tải lên.",
                field="file",
                name=name,
            )
        if status != 0:
            _log.error("the reader died on a file with status %s: %s", status, _end_of(complaint))
            raise Invalid(
                "Tệp “{name}” bị hỏng hoặc quá phức tạp nên không đọc được. Hãy mở và lưu lại rồi tải lên.",
                field="file",
                name=name,
            )
        answer.seek(0)
        told: dict[str, Any] = json.loads(answer.read())
    if "refused" in told:
        raise Invalid(told["refused"], field=told["field"], **told["values"])
    return source_from_json(told["source"]), reading_from_json(told["reading"])


def _run(order: bytes, answer: IO[bytes], complaint: IO[bytes], seconds: float) -> int | None:
    """Runs the child to its end and returns its status; None where it had to be stopped."""
    command = [sys.executable, "-P", "-X", "utf8", "-W", "ignore", "-m", "hieuhoc.engines.reader.bounded"]
    surroundings = {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter on our own module; the file comes on its input
        command, stdin=subprocess.PIPE, stdout=answer, stderr=complaint, env=surroundings, cwd="/"
    ) as child:
        try:
            child.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return None
        return child.returncode


def _end_of(complaint: IO[bytes]) -> str:
    size = complaint.seek(0, os.SEEK_END)
    complaint.seek(max(0, size - 2000))
    return complaint.read().decode("utf-8", "replace")


def _bound(seconds: float, megabytes: int) -> None:
    """Sets the ceilings of this process: memory, processor time, size of what it writes, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000, megabytes * 1_000_000))
    limit = int(seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_ANSWER, _LARGEST_ANSWER))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """The child: an order on the first line of its input, the file after it, the answer on its output."""
    order = json.loads(sys.stdin.buffer.readline())
    _bound(order["seconds"], order["megabytes"])
    try:
        told = _told(sys.stdin.buffer.read(), order["name"])
        sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False, default=date.isoformat).encode("utf-8", "replace"))
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


def _told(content: bytes, name: str) -> dict[str, Any]:
    try:
        source, reading = read_here(content, name)
    except Invalid as error:
        return {"refused": error.template, "field": error.field, "values": error.values}
    return {"source": source_as_json(source), "reading": reading_as_plain(reading)}


if __name__ == "__main__":
    sys.exit(main())
