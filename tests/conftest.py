"""What every test stands on: a day that does not move, no network, folders of its own, the cast, and a browser."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from hieuhoc.registers.accounts.models import User
from tests.factories.cast import TODAY, Cast, make_cast
from tests.factories.remembered import Remembered

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_BROWSER = "Chromium is not on this machine (Debian, Ubuntu: apt-get install chromium)"
# What is right is not described node by node: on a long page that takes longer than to look.
ONLY_WHAT_IS_WRONG = {"resultTypes": ["violations"]}
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# ---- surroundings ----------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files, cache and mail of the tests' own; the day on which the cast acts; no demonstration."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "static").mkdir()
    with override_settings(
        MEDIA_ROOT=folder / "files",
        STATIC_ROOT=folder / "static",
        EMAIL_FILE_PATH=folder / "mail",
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEMONSTRATION=False,
        TODAY=TODAY,
    ):
        yield


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Every test begins in the language of the source, whatever the one before it left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in the house itself: a database in memory would be one connection for all threads."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


class NetworkUsed(RuntimeError):
    """A test reached for something outside this machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_this_machine(address[0]):
            raise NetworkUsed(f"the network is off in tests: {address}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# ---- people ----------------------------------------------------------------------------------------


_cast_again = Remembered(make_cast)


@pytest.fixture
def cast(db: None) -> Cast:
    """The province with everybody in it."""
    return _cast_again()


@pytest.fixture
def minh(cast: Cast) -> User:
    """Leader of the province."""
    return cast.minh


@pytest.fixture
def binh(cast: Cast) -> User:
    """Of the lead department, for the whole province."""
    return cast.binh


@pytest.fixture
def hanh(cast: Cast) -> User:
    """Officer of the finance department."""
    return cast.hanh


@pytest.fixture
def dung(cast: Cast) -> User:
    """Officer of the district."""
    return cast.dung


@pytest.fixture
def an(cast: Cast) -> User:
    """Clerk of a commune."""
    return cast.an


@pytest.fixture
def chi(cast: Cast) -> User:
    """Clerk of the commune next door, who must see nothing of An's."""
    return cast.chi


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """A browser without a window, signed in as somebody: `signed_in(an).get("/")`."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


# ---- a real browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; it is never downloaded."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        if os.environ.get("HIEUHOC_REQUIRE_ALL") == "1":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django takes it for asynchronous code of ours.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens pages of the running server: `new_page(size=PHONE, user=an)`. What a page complains of is a failure."""
    contexts = []
    complaints: list[str] = []

    def open_page(*, size: dict[str, int] = DESKTOP, user: User | None = None) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size["width"], "height": size["height"]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if _is_complaint(said) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _is_complaint(said: Any) -> bool:
    """An error on the console, above all of the content policy; a refused page (4xx) is a test's own business."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280", "390"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """The two widths at which every page must be whole."""
    chosen: dict[str, int] = request.param
    return chosen


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Asks axe about a page, and whether it is wider than its window; anything found fails the test."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options=ONLY_WHAT_IS_WRONG)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{page.url} is {too_wide} px wider than its window"

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with a browser is a browser test, and needs a database whose rows other threads can see."""
    for item in items:
        if "new_page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parent.parent
