"""Jobs on many workbooks at once: an archive of filled ones into their reports, and the forms of a round as an archive.

Each workbook stands for itself: it is kept whole or not at all, and the others go on.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import ngettext

from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.foundation.jobs.working import Item, Progress
from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import HouseError, Invalid, Missing
from hieuhoc.registers.accounts import selectors as accounts
from hieuhoc.reports import selectors
from hieuhoc.reports.intake.filled import stamp_of
from hieuhoc.reports.intake.opening import LARGEST_FILE, OpenWorkbook
from hieuhoc.reports.intake.workbooks import Expected, expected_of, take_in
from hieuhoc.reports.models import Submission
from hieuhoc.reports.selectors import workbooks

if TYPE_CHECKING:
    from hieuhoc.foundation.jobs.models import Job
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.reports.models import Round

TAKE_IN, HAND_OUT = "reports.workbooks", "reports.forms"
MOST_WORKBOOKS = 1_000
LARGEST_RATIO = 100
"""A workbook is packed already: packed again it hardly shrinks."""
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError)


def take_in_workbooks(job: Job, progress: Progress) -> None:
    """Fill the reports of a round from an archive. Parameters: round, attachment (row numbers)."""
    user = accounts.user_by_actor_key(job.owner_key)
    with translation.override(user.language or None):
        archive = _open(attachments.content_of(attachments.kept(job.parameters["attachment"])))
        members = _workbooks_in(archive)
        one = selectors.round_by_key(user, job.parameters["round"])
        taking = _Taking(user, one, set(job.results.filter(outcome="ok").values_list("url", flat=True)))
        done = len(progress.finished)
        for name, member in members:
            if name[:300] in progress.finished:
                continue
            if progress.stopped():
                return
            done += 1
            with transaction.atomic():
                item = taking.take(name, archive, member)
                progress.step(done, len(members), item)


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise Invalid("Không mở được tệp nén. Hãy nén lại thành .zip rồi gửi.", field="file") from error


def _workbooks_in(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The workbooks of an archive, each under a name of its own. Raises: Invalid for none, or too many."""
    named: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        is_left_by_a_program = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
        if member.is_dir() or is_left_by_a_program:
            continue
        name, again = member.filename, 1
        while name in named:
            again += 1
            name = f"{member.filename} ({again})"
        named[name] = member
    if not named:
        raise Invalid("Trong tệp nén không có tệp nào.", field="file")
    if len(named) > MOST_WORKBOOKS:
        sentence = "Trong tệp nén có {count} tệp; mỗi lần gửi nhiều nhất {most}."
        raise Invalid(sentence, count=len(named), most=MOST_WORKBOOKS)
    return list(named.items())


@dataclass
class _Taking:
    """The taking in of one archive: whose, for which round; which reports are filled, what each level is asked."""

    user: User
    round: Round
    filled: set[str]
    expected: dict[str, Expected] = field(default_factory=dict)

    def take(self, name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Item:
        """One workbook, kept whole or not at all."""
        unit = ""
        try:
            with transaction.atomic():
                book = OpenWorkbook(_unpacked(archive, member), PurePosixPath(name).name)
                stamp, _shape = stamp_of(book)
                unit = stamp.unit_name
                submission = self._submission(stamp.unit, book.name)
                url = submission.get_absolute_url()
                if url in self.filled:
                    raise Invalid("Đơn vị “{unit}” đã có một tệp khác trong gói này.", unit=unit)
                taken = take_in(by=self.user, submission=submission, book=book, expected=self._expected(submission))
        except HouseError as error:
            return Item(name, ok=False, message=unit, faults=[say(error)])
        if taken.faults:
            return Item(name, ok=False, message=unit, url=url, faults=[say(fault.error) for fault in taken.faults])
        self.filled.add(url)
        count = ngettext("%(count)s ô thay đổi", "%(count)s ô thay đổi", taken.changed) % {"count": taken.changed}
        return Item(name, ok=True, message=f"{submission.unit.name}: {count}", url=url)

    def _submission(self, unit: str, name: str) -> Submission:
        found = workbooks.submission_of(self.round, unit)
        if found is None:
            sentence = "Tệp “{name}”: đơn vị không có báo cáo trong đợt này, hoặc ngoài phạm vi của bạn."
            raise Missing(sentence, name=name)
        return found

    def _expected(self, submission: Submission) -> Expected:
        """What a report asks for, made once for all of a level."""
        known = self.expected.get(submission.level)
        if known is None:
            known = self.expected[submission.level] = expected_of(submission)
        return Expected(workbooks.for_another(known.form, submission), known.asked)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """One file of the archive, looked at before it is unpacked."""
    name, path = PurePosixPath(member.filename).name, PurePosixPath(member.filename.replace("\\", "/"))
    # Nothing is ever unpacked into a folder; a path that leads out of the archive still says who made it, and what for.
    if path.is_absolute() or ".." in path.parts or "".join(path.parts[:1]).endswith(":"):
        raise Invalid("Tệp “{name}” có đường dẫn ra ngoài gói nén nên không được nhận.", field="file", name=name)
    if not name.lower().endswith(".xlsx"):
        raise Invalid("Tệp “{name}” không phải là tệp Excel .xlsx, hoặc đã hỏng.", field="file", name=name)
    if member.flag_bits & 0x1:
        raise Invalid("Tệp “{name}” được đặt mật khẩu. Hãy bỏ mật khẩu rồi nén lại.", field="file", name=name)
    swells = member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
    if member.file_size > LARGEST_FILE or swells:
        raise Invalid("Tệp “{name}” lớn bất thường nên không được đọc.", field="file", name=name)
    try:
        return archive.read(member)
    except (*_BROKEN, RuntimeError) as error:
        raise Invalid("Tệp “{name}” trong gói bị hỏng.", field="file", name=name) from error


def hand_out_forms(job: Job, progress: Progress) -> None:
    """The forms of a round as one archive, a workbook for each unit. Parameters: round (row number)."""
    user = accounts.user_by_actor_key(job.owner_key)
    with translation.override(user.language or None):
        one = selectors.round_by_key(user, job.parameters["round"])
        found = workbooks.fillable(user, one)
        if not found:
            raise Missing("Trong đợt này bạn không có báo cáo nào để điền.")
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for done, (name, submission) in enumerate(_named(found), start=1):
                if progress.stopped():
                    return
                content = form_workbook(workbooks.filled_form(submission), written_at=clock.now())
                archive.writestr(name, content)
                progress.step(done, len(found))
        progress.give(content=file.getvalue(), name=f"Biểu mẫu {one.period.key}.zip", megabytes=200)


def _named(found: list[Submission]) -> Iterator[tuple[str, Submission]]:
    for submission in found:
        yield f"{submission.unit.name} ({submission.unit.key}).xlsx".replace("/", "-"), submission
