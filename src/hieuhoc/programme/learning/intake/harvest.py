"""Harvesting descriptions of materials from other repositories by OAI-PMH 2.0: the whole of it is read, then written.

Bounded in pages, records, bytes and time; a repository that breaks the protocol leaves a sentence and no row.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from lxml import etree

from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.jobs.working import Item, Progress
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.programme.learning.intake import web
from hieuhoc.programme.learning.models import Repository
from hieuhoc.programme.learning.rules import oai
from hieuhoc.programme.learning.services import repositories as services
from hieuhoc.programme.learning.services.repositories import Record, Taken

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MOST_PAGES = 400
MOST_RECORDS = 20_000
MOST_SECONDS = 30 * 60
MOST_WAITS, LONGEST_WAIT = 3, 60
"""How often a busy repository is waited for, and how many seconds each time."""
_MOST_VALUES, _MOST_TEXT, _MOST_IDENTIFIER = 40, 4000, 255


@dataclass
class _Reading:
    """One walk through a repository."""

    repository: Repository
    progress: Progress | None = None
    began: float = field(default_factory=time.monotonic)
    waits: int = 0
    read_to: datetime | None = None

    def ask(self, **arguments: str) -> etree._Element:
        """The answer to a request. Raises: Invalid; `_None` where there is nothing to read."""
        address = self.repository.address
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(arguments)}"
        answer = web.fetch(url)
        while answer.status == 503:
            self.waits += 1
            seconds = answer.retry_after if answer.retry_after is not None else LONGEST_WAIT + 1
            if self.waits > MOST_WAITS or seconds > LONGEST_WAIT:
                raise Invalid("Kho đang bận, hẹn lúc khác. Lần sau sẽ lấy tiếp.")
            time.sleep(seconds)
            answer = web.fetch(url)
        if answer.status != 200:
            raise Invalid("Kho trả lời lỗi {status}.", status=answer.status)
        root = parse(answer.content)
        self.read_to = self.read_to or _instant(root.findtext(f"{OAI}responseDate"))
        error = root.find(f"{OAI}error")
        if error is not None:
            code = (error.get("code") or "?")[:40]
            if code == "noRecordsMatch":
                raise _Nothing
            raise Invalid("Kho từ chối: {code}.", code=code)
        return root

    def in_time(self) -> None:
        """Raises: Invalid when it has taken too long."""
        if time.monotonic() - self.began > MOST_SECONDS:
            raise Invalid("Lấy quá lâu nên dừng lại; chưa ghi gì.")


class _Nothing(Exception):
    """There is nothing new to read."""


def parse(content: bytes) -> etree._Element:
    """An answer of a repository. Raises: Invalid when it is none, or declares anything that could be expanded."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Invalid("Câu trả lời của kho có khai báo không an toàn nên không đọc.")
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid("Câu trả lời của kho không phải XML đúng dạng.") from error
    if root.getroottree().docinfo.internalDTD is not None:  # one that was written in another encoding
        raise Invalid("Câu trả lời của kho có khai báo không an toàn nên không đọc.")
    if root.tag != f"{OAI}OAI-PMH":
        raise Invalid("Địa chỉ này không phải là kho OAI-PMH 2.0.")
    return root


def harvest(repository: Repository, progress: Progress | None = None) -> Taken | None:
    """Read what has changed since last time, and write it. None when the owner of the job has stopped it.

    Raises: Invalid with a sentence; nothing is written then.
    """
    reading = _Reading(repository, progress)
    records: list[Record] = []
    try:
        for page, total in _pages(reading):
            records += page
            if len(records) > MOST_RECORDS:
                raise Invalid("Kho có hơn {limit} học liệu. Hãy chọn một bộ (set) nhỏ hơn.", limit=MOST_RECORDS)
            if progress is not None:
                if progress.stopped():
                    return None
                progress.step(len(records), max(total, len(records)))
            reading.in_time()
    except _Nothing:
        records = []
    return services.take_records(repository=repository, records=records, harvested_to=reading.read_to)


def _pages(reading: _Reading) -> Iterator[tuple[list[Record], int]]:
    """The pages of records, each with how many there are in all where that is said. Raises: Invalid, _Nothing."""
    identified = reading.ask(verb="Identify").find(f"{OAI}Identify")
    if identified is None:
        raise Invalid("Địa chỉ này không phải là kho OAI-PMH 2.0.")
    row = reading.repository
    arguments = {"verb": "ListRecords", "metadataPrefix": oai.FORMAT}
    if row.part:
        arguments["set"] = row.part
    if row.harvested_to is not None:
        written = oai.stamp(row.harvested_to)
        is_fine = len(identified.findtext(f"{OAI}granularity") or "") > len("YYYY-MM-DD")
        arguments["from"] = written if is_fine else written[:10]
    tokens: set[str] = set()
    while True:
        listed = reading.ask(**arguments).find(f"{OAI}ListRecords")
        if listed is None:
            raise Invalid("Kho trả lời không đúng giao thức OAI-PMH.")
        more = listed.find(f"{OAI}resumptionToken")
        size = (more.get("completeListSize") or "") if more is not None else ""
        yield [_record(one) for one in listed.iterfind(f"{OAI}record")], int(size) if size.isdecimal() else 0
        token = (more.text or "").strip() if more is not None else ""
        if not token:
            return
        if token in tokens or len(tokens) >= MOST_PAGES:
            raise Invalid("Kho không cho biết khi nào hết danh sách nên dừng lại; chưa ghi gì.")
        tokens.add(token)
        arguments = {"verb": "ListRecords", "resumptionToken": token}


def _record(element: etree._Element) -> Record:
    header = element.find(f"{OAI}header")
    identifier = (header.findtext(f"{OAI}identifier") or "").strip() if header is not None else ""
    if header is None or not identifier or len(identifier) > _MOST_IDENTIFIER:
        raise Invalid("Kho trả lời không đúng giao thức OAI-PMH.")
    if header.get("status") == "deleted":
        return Record(identifier, True, {})
    words: dict[str, list[str]] = {}
    for one in element.iterfind(f"{OAI}metadata/*/*"):
        if isinstance(one.tag, str) and one.tag.startswith(DC):
            text = str(one.xpath("string()")).strip()[:_MOST_TEXT]
            values = words.setdefault(one.tag.removeprefix(DC), [])
            if text and len(values) < _MOST_VALUES:
                values.append(text)
    return Record(identifier, False, words)


def _instant(text: str | None) -> datetime | None:
    try:
        return oai.instant((text or "").strip()).astimezone(UTC)
    except oai.Wrong:
        return None


def harvest_repository(job: Job, progress: Progress) -> None:
    """A harvest as a job. Parameters: repository (row number)."""
    repository = Repository.objects.get(pk=job.parameters["repository"])
    if repository.name in progress.finished:
        return
    try:
        taken = harvest(repository, progress)
    except HouseError as error:
        services.tell_trouble(repository=repository, sentence=say(error))
        raise
    if taken is not None:
        sentence = in_words(
            Term("{added} học liệu mới, {changed} được sửa, {gone} bị kho nguồn xóa, {skipped} thiếu tên hoặc địa chỉ.")
        )
        progress.step(taken.all, taken.all, Item(repository.name, ok=True, message=sentence.format(**vars(taken))))
