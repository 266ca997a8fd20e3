"""How long a hundred filled workbooks of 50 by 20 cells take from an archive into their reports, judged and saved.

Beside it, how long openpyxl takes only to read the same files. On SQLite in a file of its own; under
`tools/postgres.py` on PostgreSQL.
"""

import io
import os
import random
import shutil
import statistics
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import openpyxl
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from benchmarks.record import Measure

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.reports.models import Round

WORKBOOKS, ROWS, COLUMNS = 100, 50, 20
LIMIT_S = 20
SINCE = date(2020, 1, 1)


def measure() -> list[Measure]:
    """The measures, on the database that HIEUHOC_DATABASE_URL names."""
    is_file = "HIEUHOC_DATABASE_URL" not in os.environ
    folder = Path("var/benchmark-workbooks" if is_file else "var/benchmark-workbooks-postgresql").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "static").mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_TODAY": "2020-09-16",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    django.setup()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        user, one = _house()
    files, written = _filled(user, one)
    archive = _packed(files)
    openpyxl_s = _read_by_openpyxl(files)
    read_s = _read_only(files, user, one)
    taken_s = _take_in(archive, user, one)
    return [
        Measure("100 workbooks from the archive into their reports", taken_s, "s", LIMIT_S),
        Measure("of which opening, reading and judging", read_s, "s"),
        Measure("openpyxl, reading the same 100 files and no more", openpyxl_s, "s"),
        Measure("openpyxl's reading, times ours with judging", openpyxl_s / read_s, "×"),
        Measure("100 forms written for the units", written, "s"),
    ]


def _house() -> "tuple[User, Round]":
    """The province with a form of 50 indicators in 20 parts, and a round of it for every commune."""
    from hieuhoc.foundation.records import trail  # noqa: PLC0415  # after Django has started: it imports models
    from hieuhoc.kernel.periods import Calendar, Rhythm, period_of  # noqa: PLC0415
    from hieuhoc.registers.accounts.models import User  # noqa: PLC0415
    from hieuhoc.registers.accounts.services.grants import write_grant  # noqa: PLC0415
    from hieuhoc.registers.indicators.models import Breakdown, Definition, Family, Indicator  # noqa: PLC0415
    from hieuhoc.registers.places import selectors as places  # noqa: PLC0415
    from hieuhoc.registers.places import services as registers  # noqa: PLC0415
    from hieuhoc.reports import services  # noqa: PLC0415

    registers.load_province()
    province = places.unit_by_key("tinh-kien-giang")
    lead = places.unit_by_key("so-giao-duc-va-dao-tao-kien-giang")
    user = User.objects.create_user("binh", email="binh@example.vn", password=None, full_name="Bình")
    for role, unit in (("lead_department", province), ("lead_department", lead)):
        write_grant(by=trail.HOUSE, user=user, role=role, unit=unit, valid_from=SINCE, valid_to=None, note="")
    parts = [{"code": f"g{part}", "name": f"Nhóm {part}"} for part in range(COLUMNS)]
    Breakdown.objects.create(code="part", name="Nhóm", values=parts)
    family = Family.objects.create(code="BEN", name="Đo")
    for number in range(ROWS):
        Definition.objects.create(
            indicator=Indicator.objects.create(code=f"BEN.I{number}", family=family),
            version=1,
            state="in_force",
            name=f"Chỉ số {number}",
            folded=f"chi so {number}",
            measure="person",
            kind="base",
            over_places="sum",
            over_time="sum",
            levels=["commune", "district", "province"],
            breakdowns=["part"],
            calendar="closing",
            rhythms=["month"],
            valid_from=SINCE,
        )
    version = services.draft_form(by=user, name="Biểu đo", code="bieu-do", owner=lead)
    services.edit_layout(by=user, version=version, layout=_layout())
    services.put_in_force(by=user, version=version)
    kind = services.define_kind(
        by=user,
        name="Báo cáo tháng",
        code="thang",
        category="periodic",
        form=version.form,
        root=province,
        recipient=lead,
        calendar="closing",
        rhythm="month",
        levels=["commune"],
        sending={"commune": 3},
        opens_before=15,
        subject="Đo",
        valid_from=SINCE,
    )
    period = period_of(Rhythm.MONTH, date(2020, 9, 10), Calendar.CLOSING)
    return user, services.open_round(by=user, kind=kind, period=period)


def _layout() -> dict[str, Any]:
    columns = [{"key": f"g{part}", "label": f"Nhóm {part}", "by": f"part=g{part}"} for part in range(COLUMNS)]
    rows = [{"key": f"i{number}", "label": "", "indicator": f"BEN.I{number}"} for number in range(ROWS)]
    table = {"type": "table", "key": "bang", "label": "Bảng 1", "columns": columns, "rows": rows}
    return {"sections": [{"key": "kq", "heading": "Kết quả", "blocks": [table]}], "checks": []}


def _filled(user: "User", one: "Round") -> tuple[dict[str, bytes], float]:
    """The forms as they are handed out, each filled in with numbers of its own by another program.

    Units: seconds that handing them out took.
    """
    from hieuhoc.engines.writer.form_workbook import form_workbook  # noqa: PLC0415  # as above
    from hieuhoc.reports.selectors import workbooks  # noqa: PLC0415

    draw = random.Random(50)  # noqa: S311  # always the same numbers, no secret
    files, written = {}, 0.0
    for submission in workbooks.fillable(user, one)[:WORKBOOKS]:
        started = time.perf_counter()
        blank = form_workbook(workbooks.filled_form(submission))
        written += time.perf_counter() - started
        book = openpyxl.load_workbook(io.BytesIO(blank))
        page = book["Phần 1"]
        for row in page.iter_rows(min_row=11, max_row=10 + ROWS, min_col=4, max_col=3 + COLUMNS):
            for cell in row:
                cell.value = draw.randrange(1000)
        file = io.BytesIO()
        book.save(file)
        files[f"{submission.unit.key}.xlsx"] = file.getvalue()
    return files, written


def _packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def _read_by_openpyxl(files: dict[str, bytes]) -> float:
    """Units: seconds; the median of three runs."""
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        for content in files.values():
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            read = sum(1 for row in book["Phần 1"].iter_rows(values_only=True) for value in row if value is not None)
            assert read >= ROWS * COLUMNS
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def _read_only(files: dict[str, bytes], user: "User", one: "Round") -> float:
    """Units: seconds; the median of three runs."""
    from hieuhoc.reports.intake.filled import read_workbook  # noqa: PLC0415  # as above
    from hieuhoc.reports.selectors import workbooks  # noqa: PLC0415

    forms = {f"{one.unit.key}.xlsx": workbooks.blank_form(one) for one in workbooks.fillable(user, one)[:WORKBOOKS]}
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        for name, content in files.items():
            found = read_workbook(content, forms[name], name=name)
            assert not found.faults
            assert len(found.figures) == ROWS * COLUMNS
        runs.append(time.perf_counter() - started)
    return statistics.median(runs)


def _take_in(archive: bytes, user: "User", one: "Round") -> float:
    """Units: seconds, of the job as the worker does it; once, for afterwards nothing is new."""
    from hieuhoc.foundation.jobs import services as jobs  # noqa: PLC0415  # as above
    from hieuhoc.foundation.records import attachments  # noqa: PLC0415
    from hieuhoc.reports.models import Figure  # noqa: PLC0415

    kept = attachments.keep(content=archive, name="goi.zip", allowed={"zip"}, megabytes=50)
    parameters = {"round": one.pk, "attachment": kept.pk}
    reverse("jobs:list")  # a worker that runs has read the table of addresses long ago
    job = jobs.queue(by=user, kind="reports.workbooks", title="Đo", parameters=parameters)
    started = time.perf_counter()
    call_command("work", once=True)
    took = time.perf_counter() - started
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", WORKBOOKS), job.note
    refused = [row.faults for row in job.results.filter(outcome="refused")]
    assert not refused, refused[0]
    assert Figure.objects.count() == WORKBOOKS * ROWS * COLUMNS
    return took
