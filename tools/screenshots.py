"""Take the pictures of the tour, docs/tour/*.png, from a demonstration made for this purpose and thrown away."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TOUR = ROOT / "docs" / "tour"
DOCUMENT = ROOT / "tests" / "fixtures" / "documents" / "syn-ke-hoach-huyen.docx"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DESKTOP = (1280, 860)
PHONE = (390, 844)
TALL = (1280, 1150)  # for a sheet whose figures stand beneath what is said of it
PAPER_DOTS = 78  # an inch of paper
LEAD, LEADER, DISTRICT, ADMINISTRATOR = "Trần Thị Bình", "Nguyễn Hoàng Minh", "Lê Văn Dũng", "Đỗ Quốc Trí"
CLERK = "Danh Thị Chi"
DIRECTOR = "Trương Thị Huệ"
HELPER = "Ngô Ngọc Lan"


def main() -> int:
    chromium = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if chromium is None:
        print("Chromium is not on this machine (Debian, Ubuntu: apt-get install chromium).", file=sys.stderr)
        return 1
    TOUR.mkdir(parents=True, exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_all(browser, address)
        take_the_numbers(browser, address)
        take_the_learning(browser, address)
        browser.close()
    with demonstration("--to", "2025-07-01") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take_the_day_after(browser, address)
        browser.close()
    return 0


@contextmanager
def demonstration(*options: str) -> Iterator[str]:
    """A demonstration of its own that runs while the pictures are taken; its address."""
    folder = Path(tempfile.mkdtemp(prefix="hh-tour-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "hieuhoc"), "demo", "--port", str(port), *options]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "HIEUHOC_DEMO_DIR": str(folder / "demo")})
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(server, f"{address}/health/ready")
        yield address
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: "subprocess.Popen[bytes]", address: str, *, patience: float = 300) -> None:
    end = monotonic() + patience
    while monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  # our own address, http
        except urllib.error.URLError:
            sleep(0.3)
        else:
            return
    raise SystemExit("The demonstration did not start.")


def take_all(browser: Browser, address: str) -> None:
    leader = sign_in(browser, address, LEADER)
    overview = first_link(leader, "/plans/", r"/plans/\d+/overview/$", containing="144/KH-UBND ·")
    plan = overview.removesuffix("overview/")
    take(leader, overview, "plan-overview")
    take(leader, f"{plan}matrix/", "plan-matrix")
    take(leader, first_link(leader, "/obstacles/", r"/obstacles/\d+/$"), "obstacle")

    officer = sign_in(browser, address, DISTRICT)
    take(officer, "/", "desk")
    take(officer, first_link(officer, "/assignments/", r"/assignments/\d+/$"), "assignment")
    take(sign_in(browser, address, DISTRICT, PHONE), "/", "desk-phone")

    lead = sign_in(browser, address, LEAD)
    lead.goto("/plans/new/")
    lead.locator("input[type=file]").set_input_files(DOCUMENT)
    lead.locator("main form button[type=submit]").first.click()
    lead.wait_for_url(re.compile(r"/plans/\d+/review/"))
    take(lead, lead.url, "plan-review")


def take_the_numbers(browser: Browser, address: str) -> None:
    """A report that came back, the round it belongs to, its paper, and what the province's figures are made of."""
    clerk = sign_in(browser, address, CLERK, TALL)
    take(clerk, first_link(clerk, "/reports/", r"/reports/submissions/\d+/$"), "report")

    lead = sign_in(browser, address, LEAD)
    literacy = first_link(lead, "/reports/rounds/", r"/reports/rounds/\d+/$", containing="xóa mù chữ")
    take(lead, f"{literacy}consolidated/", "round-consolidated")
    province = first_link(lead, f"{literacy}?level=province", r"/reports/submissions/\d+/$")
    paper(lead.request.get(f"{address}{province}report.pdf").body(), "paper")

    leader = sign_in(browser, address, LEADER)
    take(leader, "/dashboard/", "dashboard")
    take(leader, "/dashboard/#map", "province-map")
    take(leader, first_link(leader, "/dashboard/", r"/figures/.*/CLC\.TURNS/"), "figure")


def take_the_learning(browser: Browser, address: str) -> None:
    """What a citizen finds, the desk of a centre's director, and attendance as who helps with a class sees it."""
    citizen = browser.new_context(base_url=address, viewport={"width": PHONE[0], "height": PHONE[1]}, locale="vi-VN")
    take(citizen.new_page(), "/classes/", "finder-phone")
    take(sign_in(browser, address, DIRECTOR), "/learning/", "learning")
    helper = sign_in(browser, address, HELPER, PHONE)
    take(helper, first_link(helper, "/learning/", r"/learning/sessions/\d+/attendance/$"), "attendance-phone")


def take_the_day_after(browser: Browser, address: str) -> None:
    """What the reorganisation of 1/7/2025 looks like from the day itself."""
    administrator = sign_in(browser, address, ADMINISTRATOR)
    take(administrator, "/units/compare/", "then-and-now")
    events = "/units/reorganisations/"
    take(administrator, first_link(administrator, events, rf"{events}\d+/$", containing="An Giang"), "reorganisation")


def sign_in(browser: Browser, address: str, name: str, size: tuple[int, int] = DESKTOP) -> Page:
    """A page in the eyes of one of the demonstration's people."""
    context = browser.new_context(
        base_url=address, viewport={"width": size[0], "height": size[1]}, locale="vi-VN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/accounts/demonstration/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(f"{address}/")
    return page


def first_link(page: Page, where: str, pattern: str, *, containing: str = "") -> str:
    """Where the first link of a page leads whose address looks like this."""
    page.goto(where)
    links = page.locator("main a", has_text=containing) if containing else page.locator("main a")
    for link in links.all():
        target = link.get_attribute("href") or ""
        if re.search(pattern, target):
            return target
    raise SystemExit(f"{where} has no link like {pattern}")


def take(page: Page, where: str, name: str) -> None:
    page.goto(where)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=TOUR / f"{name}.png")
    print(f"docs/tour/{name}.png")


def paper(content: bytes, name: str) -> None:
    """The first page of a PDF as a picture."""
    with pypdfium2.PdfDocument(content) as document:
        document[0].render(scale=PAPER_DOTS / 72).to_pil().save(TOUR / f"{name}.png", optimize=True)
    print(f"docs/tour/{name}.png")


if __name__ == "__main__":
    sys.exit(main())
