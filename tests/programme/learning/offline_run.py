"""One volunteer, one phone, one bad line: marks without signal, a closed browser, a killed server, the signal back.

A run ends with what the volunteer tapped last and what the house holds. Used by one test of the suite, and by
benchmarks/attendance_offline.py many times over.
"""

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page
from tests.programme.learning.attendance_server import NEVER, UNANSWERED

PHONE = {"width": 390, "height": 844}
MARKS = ("present", "late", "absent")
NAMES = ("Kiều Oanh", "Lê Sáu", "Võ Tám", "Hồ Chín", "Tô Tư")
_TRIES, _PAUSE = 200, 0.05


class House:
    """The house in a process of its own, which can be killed."""

    def __init__(self, surroundings: dict[str, str], repository: Path, *, classes: int, learners: int) -> None:
        module = "tests.programme.learning.attendance_server"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(classes), str(learners)],
            env=surroundings,
            cwd=repository,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        told = self._answer()
        self.sessions: list[int] = told["sessions"]
        self.cookie: list[str] = told["cookie"]
        self.is_up = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def _tell(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._answer()

    def serve(self, kill: int = NEVER) -> None:
        """Start the server, and wait until it listens."""
        self._tell(f"serve {self.port} {kill}")
        self.is_up = True
        for _try in range(_TRIES):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(_PAUSE)
        raise TimeoutError("the server does not listen")

    def stop(self, *, by_itself: bool = False) -> int:
        """Kill the server, or wait until it has killed itself; the signal by which it ended."""
        self.is_up = False
        status: int = self._tell("wait" if by_itself else "kill")["status"]
        return status

    def count(self, session: int) -> dict[str, Any]:
        return self._tell(f"count {session}")

    def close(self) -> None:
        if self.is_up:
            self.stop()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


@dataclass
class Wanted:
    """What the volunteer tapped last."""

    marks: dict[str, str] = field(default_factory=dict)
    walk_ins: list[list[str]] = field(default_factory=list)
    heads: int = 0


@contextmanager
def phone(chromium: BrowserType, path: str, folder: Path, house: House, *, online: bool) -> Iterator[Page]:
    """The browser of a phone, with what it kept when it was closed."""
    context: BrowserContext = chromium.launch_persistent_context(
        str(folder),
        executable_path=path,
        args=["--no-sandbox", "--disable-dev-shm-usage"],
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        locale="vi-VN",
        reduced_motion="reduce",
    )
    try:
        context.set_default_timeout(20_000)
        name, value = house.cookie
        until = time.time() + 86_400
        context.add_cookies([{"name": name, "value": value, "url": house.address, "expires": until}])
        context.set_offline(not online)
        yield context.pages[0] if context.pages else context.new_page()
    finally:
        context.close()


def run(chromium: BrowserType, path: str, folder: Path, house: House, session: int, chance: random.Random) -> None:
    """The whole story; raises AssertionError when anything is lost or doubled."""
    address = f"{house.address}/learning/sessions/{session}/attendance/"
    wanted = Wanted()
    house.serve()
    with phone(chromium, path, folder, house, online=True) as page:
        page.goto(address)
        page.locator("[data-outbox][data-carried=true]").wait_for()
        before = chance.randrange(4)  # some marks while there is signal still
        _tap(page, wanted, chance, before)
        _settled(page)
        page.context.set_offline(True)
        _tap_everybody(page, wanted, chance)
        _more(page, wanted, chance)
        unsent = _keys(page)
        house.stop()
    assert unsent, "nothing was kept"
    with phone(chromium, path, folder, house, online=False) as page:
        page.goto(address)  # no signal, and no server
        _shown(page, wanted)
        # A request may still have been on its way when the signal went: what it brought, the house knows.
        lost = unsent - _keys(page) - set(house.count(session)["keys"])
        assert not lost, "something was lost when the browser was closed"
        _tap(page, wanted, chance, chance.randrange(3))
        house.serve(kill=chance.choice([UNANSWERED, *range(1, 24)]))
        page.context.set_offline(False)
        house.stop(by_itself=True)
        page.locator("[data-outbox][data-state=failed]").wait_for()
        _tap(page, wanted, chance, chance.randrange(3))
        house.serve()
        page.evaluate("void AttendanceOutbox.send()")  # its button goes when the page has tried by itself and succeeded
        _settled(page)
        _shown(page, wanted)
        page.reload()
        _shown(page, wanted)
        page.goto("about:blank")
    found = house.count(session)
    found.pop("keys")
    house.stop()
    later = house.count(session)
    later.pop("keys")
    turns = sum(mark in ("present", "late") for mark in wanted.marks.values()) + len(wanted.walk_ins)
    expected = {
        "marks": {pk: mark for pk, mark in wanted.marks.items() if mark},
        "walk_ins": sorted(wanted.walk_ins),
        "heads": wanted.heads,
        "open": 0,
        "turns": turns,
        "broken": None,
    }
    wrong = {name: (found[name], expected[name]) for name in expected if found[name] != expected[name]}
    assert not wrong, f"what the house holds, and what was tapped: {wrong}; once its server is gone it holds {later}"
    assert later == found, f"what the house held, and holds once its server is gone: {found}, {later}"


def _settled(page: Page) -> None:
    """Everything that was tapped has been answered, and the page says so."""
    page.wait_for_function(
        """async () => {
          const panel = document.querySelector("[data-outbox]");
          const isClear = panel.dataset.unsent === "0" && panel.dataset.state === "clear";
          return isClear && !document.querySelector(".learner.is-unsent") && !(await AttendanceOutbox.all()).length;
        }"""
    )


def _keys(page: Page) -> set[str]:
    """The keys of what is unsent, once the page says that there are as many."""
    page.wait_for_function(
        """async () => {
          const panel = document.querySelector("[data-outbox]");
          return (await AttendanceOutbox.all()).length === Number(panel.dataset.unsent);
        }"""
    )
    found: list[str] = page.evaluate("async () => (await AttendanceOutbox.all()).map((one) => one.key)")
    return set(found)


def _learners(page: Page) -> list[str]:
    found: list[str] = page.locator(".learner").evaluate_all("rows => rows.map((row) => row.dataset.learner)")
    return [one for one in found if not one.startswith("new-")]


def _tap_everybody(page: Page, wanted: Wanted, chance: random.Random) -> None:
    learners = _learners(page)
    chance.shuffle(learners)
    for learner in learners:
        _mark(page, wanted, learner, chance.choice(MARKS))


def _tap(page: Page, wanted: Wanted, chance: random.Random, times: int) -> None:
    for learner in chance.sample(_learners(page), times):
        _mark(page, wanted, learner, chance.choice(MARKS))


def _mark(page: Page, wanted: Wanted, learner: str, mark: str) -> None:
    """One tap; on the mark that stands it takes the mark back."""
    page.locator(f".learner[data-learner='{learner}'] label:has([value={mark}])").click()
    wanted.marks[learner] = "" if wanted.marks.get(learner) == mark else mark


def _more(page: Page, wanted: Wanted, chance: random.Random) -> None:
    """Perhaps an undo, somebody who is not in the list, heads without names."""
    if chance.random() < 0.5:
        learner = chance.choice(_learners(page))
        stood = wanted.marks.get(learner, "")
        _mark(page, wanted, learner, chance.choice(MARKS))
        page.locator("[data-undo]").click()
        wanted.marks[learner] = stood
    if chance.random() < 0.7:
        name = chance.choice(NAMES)
        page.locator("#walk-in summary").click()
        page.locator("#walk-in [name=name]").fill(name)
        page.locator("#walk-in [name=birth_year]").fill("1985")
        page.locator("#walk-in button").click()
        page.locator(".learner", has_text=name).wait_for()
        wanted.walk_ins.append([name, "present"])
    if chance.random() < 0.7:
        page.locator("#heads summary").click()
        for _time in range(chance.randrange(1, 6)):
            page.locator("[data-group='female_36-60'] [data-step='1']").click()
            wanted.heads += 1


def _shown(page: Page, wanted: Wanted) -> None:
    """The page shows every mark as it was tapped."""
    page.locator("[data-outbox][data-state]").wait_for()
    wanted_now = {learner: mark for learner, mark in wanted.marks.items() if mark}
    page.wait_for_function(
        """(wanted) => {
          const rows = [...document.querySelectorAll(".learner")].filter((row) => row.dataset.learner in wanted);
          const shown = (row) => row.querySelector("input:checked")?.value;
          return rows.length === Object.keys(wanted).length
            && rows.every((row) => shown(row) === wanted[row.dataset.learner]);
        }""",
        arg=wanted_now,
    )
