"""The gallery shows every component, and its markup obeys the content policy of the house."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from tests.foundation.ui.conftest import UI

COMPONENTS = sorted(path.stem for path in (UI / "templates/ui/components").glob("*.html"))
TEMPLATES = sorted((UI / "templates").rglob("*.html"))


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [value for _tag, attrs in self.tags if (value := attrs.get("id"))]


@pytest.fixture(scope="module")
def page() -> str:
    answer = Client().get("/ui-gallery/", headers={"accept-language": "vi"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """The names of the templates that the gallery and its two other pages are made of."""
    names: set[str] = set()
    for address in ("/ui-gallery/", "/ui-gallery/public/", "/ui-gallery/print/"):
        names |= {template.name or "" for template in Client().get(address).templates}
    return names


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_in_the_gallery(component: str, shown: set[str]) -> None:
    assert f"ui/components/{component}.html" in shown


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_in_the_documentation(component: str) -> None:
    listed = (UI.parents[3] / "docs/developing/components.md").read_text(encoding="utf-8")
    inner = {"field_errors", "sort_header", "bar_chart", "sparkline", "table_cell", "tree_node"}
    assert component in inner or re.search(rf"`{component}`", listed)


@pytest.mark.parametrize("state", ["late", "due", "done", "wait", "neutral", "returned"])
def test_every_state_has_a_shape_besides_its_colour(state: str, page: str) -> None:
    badge = re.search(rf'<span class="badge {state}">(.*?)</span>', page, re.DOTALL)
    assert badge
    assert "<svg" in badge[1]
    assert re.sub(r"<svg.*?</svg>", "", badge[1], flags=re.DOTALL).strip()


def test_no_page_holds_inline_script_or_style(page: str) -> None:
    for tag, attrs in Reader(page).tags:
        assert tag != "style"
        assert "style" not in attrs
        assert tag != "script" or attrs.get("src")
        assert not [name for name in attrs if name.startswith("on") or name.startswith("hx-on")]
        assert not (attrs.get("href") or "").startswith("javascript:")


def test_nothing_comes_from_another_machine(page: str) -> None:
    for _tag, attrs in Reader(page).tags:
        for name in ("src", "href", "action", "hx-get"):
            assert not re.match(r"(https?:)?//", attrs.get(name) or "")


def test_ids_are_unique_and_every_reference_finds_its_target(page: str) -> None:
    reader = Reader(page)
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    for _tag, attrs in reader.tags:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (attrs.get(name) or "").split():
                assert target in ids, (name, target)


def test_what_a_person_typed_is_escaped(page: str) -> None:
    assert "Khảo sát trung tâm &lt;học tập&gt;" in page
    assert "<học tập>" not in page


def test_a_made_up_page_says_so_and_names_the_day(page: str) -> None:
    assert "Dữ liệu trình diễn: người và số liệu là giả định, văn bản là thật." in page
    assert "Hôm nay là 16/11/2020." in page


def test_signing_out_and_changing_language_are_posts_with_a_token(page: str) -> None:
    for address in ("/ra/", "/ngon-ngu/"):
        form = re.search(rf'<form[^>]*action="{address}">(.*?)</form>', page, re.DOTALL)
        assert form
        assert 'method="post"' in form[0]
        assert "csrfmiddlewaretoken" in form[1]
        assert re.search(r'name="csrfmiddlewaretoken" value="\w{20,}"', form[1])


def test_the_language_of_the_page_is_said() -> None:
    client = Client()
    assert '<html lang="vi">' in client.get("/ui-gallery/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert '<html lang="en">' in client.get("/ui-gallery/").content.decode()


def test_the_style_sheet_is_under_20_kb() -> None:
    assert (UI / "static/ui/ui.css").stat().st_size <= 20_000


def test_a_first_visit_weighs_less_than_100_kb(page: str) -> None:
    weight = len(gzip.compress(page.encode()))
    for tag, attrs in Reader(page).tags:
        address = attrs.get("src") if tag == "script" else attrs.get("href") if tag == "link" else None
        if address:
            found = finders.find(address.removeprefix("/static/"))
            assert isinstance(found, str), address
            with open(found, "rb") as file:
                weight += len(gzip.compress(file.read()))
    assert weight < 100_000


@override_settings(DEMONSTRATION=False)
def test_a_house_at_work_does_not_show_the_gallery() -> None:
    assert Client().get("/ui-gallery/").status_code == 404


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
