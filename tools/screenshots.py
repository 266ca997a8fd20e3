"""Take the pictures of the README's tour: the demonstration is prepared, served, and looked at in Chromium."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TOUR = ROOT / "docs" / "tour"
PORT = os.environ.get("PORT", "8731")
ADDRESS = f"http://127.0.0.1:{PORT}"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DESKTOP = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=390, height=844)


def main() -> int:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("Chromium is not on this machine (Debian, Ubuntu: apt-get install chromium).", file=sys.stderr)
        return 1
    TOUR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(ROOT / ".venv" / "bin" / "hieuhoc"), "demo", "--port", PORT]
        server = subprocess.Popen(command, env=os.environ | {"HIEUHOC_DATA_DIR": folder}, cwd=ROOT)
        try:
            _wait_until_ready(server)
            with sync_playwright() as playwright:
                window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
                _take(window.new_page(viewport=DESKTOP))
                _take_phone(window.new_page(viewport=PHONE))
                window.close()
        finally:
            server.terminate()
            server.wait(timeout=30)
    return 0


def _wait_until_ready(server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the demonstration did not start")
        try:
            urllib.request.urlopen(f"{ADDRESS}/health/ready", timeout=2)  # noqa: S310 - our own server
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the demonstration did not become ready")


def _sign_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{ADDRESS}/accounts/demonstration/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(f"{ADDRESS}/")


def _picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TOUR / f"{name}.png")
    print(f"docs/tour/{name}.png")


def _take(page: Page) -> None:
    _sign_in(page, "Lê Văn Dũng")
    _picture(page, "desk")
    page.locator("main ol.items h3 a").first.click()
    _picture(page, "assignment")
    _sign_in(page, "Trần Hữu Nghĩa")
    page.goto(f"{ADDRESS}/plans/?state=draft")
    page.locator("main h3 a").first.click()
    _picture(page, "plan-review")
    _sign_in(page, "Nguyễn Hoàng Minh")
    page.goto(f"{ADDRESS}/plans/?q=144")
    page.locator("main h3 a").first.click()
    plan = page.url
    page.goto(f"{plan}overview/")
    _picture(page, "plan-overview")
    page.goto(f"{plan}matrix/")
    _picture(page, "plan-matrix")
    page.goto(f"{ADDRESS}/obstacles/?state=all&q=xã đảo không cân đối")
    page.locator("main h3 a").first.click()
    _picture(page, "obstacle")


def _take_phone(page: Page) -> None:
    _sign_in(page, "Phạm Thị An")
    _picture(page, "desk-phone")


if __name__ == "__main__":
    raise SystemExit(main())
