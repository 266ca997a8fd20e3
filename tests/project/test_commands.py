"""The console command, as a person or a program calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLAN = """ỦY BAN NHÂN DÂN
TỈNH HÒA BẮC
Số: 21/KH-UBND
Hòa Bắc, ngày 5 tháng 3 năm 2020
KẾ HOẠCH
Xây dựng xã hội học tập năm 2020
I. NHIỆM VỤ
1. Sở Tài chính
Hằng năm, bố trí kinh phí cho trung tâm học tập cộng đồng.
2. Sở Giáo dục và Đào tạo
Chủ trì, phối hợp với Sở Tài chính tổng kết kế hoạch trước ngày 15/12/2020.
"""


def hieuhoc(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, with nothing of this one's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HIEUHOC_")}
    return subprocess.run(
        [sys.executable, "-c", "from hieuhoc.project.cli import main; main()", *words],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(repository / "src"))


def test_read_prints_json_for_a_program(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    done = hieuhoc("read", "plan.txt", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout)
    assert reading["number"] == "21/KH-UBND"
    assert reading["date"] == "2020-03-05"
    assert ["Sở Tài chính"] in [task["lead"] for task in reading["tasks"]]


def test_read_prints_an_outline_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    done = hieuhoc("read", "plan.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "21/KH-UBND · 05/03/2020" in done.stdout
    assert "chủ trì: Sở Tài chính" in done.stdout


def test_read_refuses_an_old_word_file_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "old.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000))
    done = hieuhoc("read", "old.doc", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ".docx" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [("read", "nowhere.txt"), ("read",), ("sing",), ("serve", "--port", "high"), ("demo", "--loud")]
)
def test_wrong_use_ends_with_two_and_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    done = hieuhoc(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_ends_with_two_and_a_sentence(tmp_path: Path) -> None:
    done = hieuhoc("manage", "check", cwd=tmp_path, HIEUHOC_TODAY="yesterday")
    assert done.returncode == 2
    assert "HIEUHOC_TODAY must be a date such as 2020-11-16" in done.stderr
    assert "Traceback" not in done.stderr


def test_reading_a_file_does_not_wait_for_django(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    script = (
        "import sys\n"
        "from hieuhoc.project.cli import house\n"
        "house.main(['read', 'plan.txt', '--json'], standalone_mode=False)\n"
        "print('django' in sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "False"


def test_serve_refuses_a_database_that_is_older_than_the_code(tmp_path: Path) -> None:
    done = hieuhoc("serve", "--port", "8399", cwd=tmp_path)
    assert done.returncode == 1
    assert "lacks" in done.stderr
    assert "--migrate" in done.stderr


def test_serve_refuses_the_settings_of_a_developer(tmp_path: Path) -> None:
    done = hieuhoc("serve", cwd=tmp_path, HIEUHOC_DEBUG="1")
    assert done.returncode == 2
    assert "HIEUHOC_DEBUG" in done.stderr


def test_invented_people_are_not_put_into_a_house_at_work(tmp_path: Path) -> None:
    done = hieuhoc("manage", "demonstrate", cwd=tmp_path)
    assert done.returncode == 1
    assert "not a demonstration" in done.stderr
