"""Our own repository by the protocol's rules, and harvesting from it and from repositories that break them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.test.utils import override_settings
from lxml import etree
from pytest_django.live_server_helper import LiveServer
from tests.factories.cast import Cast
from tests.factories.learning import make_topic

from hieuhoc.foundation.jobs import working
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.programme.learning.intake import harvest as harvesting
from hieuhoc.programme.learning.intake import web
from hieuhoc.programme.learning.models import Material, Repository
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.services import materials
from hieuhoc.programme.learning.services import repositories as services

NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "d": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LINK = {"url": "https://example.org/lua", "language": "vi", "form": "video", "licence": "cc-by"}
MIDNIGHT = datetime(2020, 11, 10, tzinfo=UTC)


def _ask(query: str = "", **sent: str) -> etree._Element:
    """The answer, after what every answer must have was looked at."""
    answer = Client().post("/oai/", sent) if sent else Client().get(f"/oai/?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert answer.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert root.tag == f"{{{NS['o']}}}OAI-PMH"
    schema = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "")
    assert schema == f"{NS['o']} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
    tags = [etree.QName(one).localname for one in root]
    assert tags[:2] == ["responseDate", "request"]
    assert len(tags) == 3
    datetime.strptime(root.findtext("o:responseDate", "", NS), "%Y-%m-%dT%H:%M:%SZ")  # its form is asked
    return root


def _texts(root: etree._Element, path: str) -> list[str]:
    return [one.text or "" for one in root.iterfind(path, NS)]


def _code(query: str) -> str:
    error = _ask(query).find("o:error", NS)
    return "" if error is None else error.get("code", "")


def _share(cast: Cast, title: str, **columns: object) -> Material:
    return materials.share(by=cast.hue, unit=cast.commune, title=title, **{**LINK, **columns})  # type: ignore[arg-type]


def _many(cast: Cast, number: int, *, field: str = "economy") -> None:
    """Materials of which three each were changed in the same second."""
    Material.objects.bulk_create(
        Material(
            title=f"Bài {one}",
            folded=f"bai {one}",
            unit=cast.commune,
            field=field,
            url="https://example.org/",
            licence="cc0",
            changed_at=MIDNIGHT + timedelta(seconds=one // 3),
        )
        for one in range(number)
    )


# ---- what the protocol asks of a repository ----------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=identify", "badVerb"),
        ("verb=Identify&set=law", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-13-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01T00:00:00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-02&until=2020-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a b", "badArgument"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=GetRecord&identifier=x&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:nobody:1", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:material-%C2%B2", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:nobody:1", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nothing", "noRecordsMatch"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=1990-01-01", "noRecordsMatch"),
    ],
)
def test_each_wrong_request_has_the_code_of_the_protocol(db: None, query: str, code: str) -> None:
    assert _code(query) == code


def test_a_wrong_request_is_said_back_only_where_its_arguments_are_right(db: None) -> None:
    bad = _ask("verb=ListRecords&from=x").find("o:request", NS)
    assert bad is not None
    assert not bad.attrib
    good = _ask("verb=ListRecords&metadataPrefix=marc").find("o:request", NS)
    assert good is not None
    assert dict(good.attrib) == {"verb": "ListRecords", "metadataPrefix": "marc"}


def test_the_repository_says_what_it_is(cast: Cast) -> None:
    _many(cast, 1)
    told = _ask("verb=Identify").find("o:Identify", NS)
    assert told is not None
    assert [etree.QName(one).localname for one in told] == [
        "repositoryName",
        "baseURL",
        "protocolVersion",
        "adminEmail",
        "earliestDatestamp",
        "deletedRecord",
        "granularity",
    ]
    assert told.findtext("o:protocolVersion", "", NS) == "2.0"
    assert told.findtext("o:deletedRecord", "", NS) == "persistent"
    assert told.findtext("o:earliestDatestamp", "", NS) == "2020-11-10T00:00:00Z"
    assert (told.findtext("o:baseURL", "", NS)).endswith("/oai/")


def test_there_is_a_set_for_every_field_and_dublin_core_for_every_record(cast: Cast) -> None:
    assert _texts(_ask("verb=ListSets"), ".//o:setSpec") == list(kinds.FIELDS)
    assert _texts(_ask("verb=ListMetadataFormats"), ".//o:metadataPrefix") == ["oai_dc"]


def test_a_record_says_in_dublin_core_what_a_material_is(cast: Cast) -> None:
    material = _share(cast, "Sốt \x0b& <xuất> huyết", topic=make_topic(), author="Lê Văn Bảy", summary="Nên biết")
    (identifier,) = _texts(_ask("verb=ListIdentifiers&metadataPrefix=oai_dc"), ".//o:identifier")
    root = _ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    core = root.find("o:GetRecord/o:record/o:metadata/d:dc", NS)
    assert core is not None
    said = [(etree.QName(one).localname, one.text) for one in core]
    assert ("title", "Sốt & <xuất> huyết") in said
    assert ("creator", "Lê Văn Bảy") in said
    assert ("subject", "Phòng, chống sốt xuất huyết") in said
    assert ("subject", "bảo vệ sức khỏe") in said
    assert ("type", "MovingImage") in said
    assert ("source", "https://example.org/lua") in said
    assert ("rights", "https://creativecommons.org/licenses/by/4.0/") in said
    assert ("publisher", cast.commune.name) in said
    page = next(text for name, text in said if name == "identifier")
    assert page is not None
    assert page.endswith(f"/materials/{material.pk}/")
    assert _texts(root, ".//o:setSpec") == ["health"]


def test_a_withdrawn_record_is_told_for_ever_as_deleted_and_nothing_else_of_it(cast: Cast) -> None:
    material = _share(cast, "Nhầm lẫn")
    materials.withdraw(by=cast.hue, material=material)
    root = _ask("verb=ListRecords&metadataPrefix=oai_dc")
    header = root.find(".//o:header", NS)
    assert header is not None
    assert header.get("status") == "deleted"
    assert root.find(".//o:metadata", NS) is None
    assert "Nhầm lẫn" not in etree.tostring(root, encoding="unicode")


def test_harvested_materials_are_not_offered_again(cast: Cast) -> None:
    repository = Repository.objects.create(name="Kho", address="https://example.org/oai")
    _many(cast, 1)
    Material.objects.update(repository=repository, identifier="a")
    assert _code("verb=ListRecords&metadataPrefix=oai_dc") == "noRecordsMatch"


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("number", [1, 100, 101, 250])
def test_pages_give_every_record_once_also_where_many_changed_in_one_second(cast: Cast, verb: str, number: int) -> None:
    _many(cast, number)
    found: list[str] = []
    root, pages = _ask(f"verb={verb}&metadataPrefix=oai_dc&set=economy"), 1
    while True:
        found += _texts(root, f"o:{verb}//o:header/o:identifier")
        if verb == "ListIdentifiers":
            found += _texts(root, "o:ListIdentifiers/o:header/o:identifier") if not found else []
        more = root.find(".//o:resumptionToken", NS)
        assert (more is None) == (number <= 100)
        if more is not None:
            assert more.get("completeListSize") == str(number)
            assert more.get("cursor") == str(100 * (pages - 1))
        if more is None or not more.text:
            break
        root, pages = _ask(verb=verb, resumptionToken=more.text), pages + 1
    assert len(found) == len(set(found)) == number
    assert pages == -(-number // 100)


def test_a_token_serves_no_other_verb(cast: Cast) -> None:
    _many(cast, 101)
    (token,) = _texts(_ask("verb=ListRecords&metadataPrefix=oai_dc"), ".//o:resumptionToken")
    assert _code(f"verb=ListIdentifiers&resumptionToken={token}") == "badResumptionToken"


@pytest.mark.parametrize(
    ("span", "number"),
    [
        ("from=2020-11-10", 9),
        ("from=2020-11-11", 0),
        ("until=2020-11-10", 9),
        ("until=2020-11-09", 0),
        ("from=2020-11-10T00:00:01Z", 6),
        ("until=2020-11-10T00:00:01Z", 6),
        ("from=2020-11-10T00:00:01Z&until=2020-11-10T00:00:01Z", 3),
    ],
)
def test_both_ends_of_a_span_belong_to_it(cast: Cast, span: str, number: int) -> None:
    _many(cast, 9)
    root = _ask(f"verb=ListIdentifiers&metadataPrefix=oai_dc&{span}")
    assert len(_texts(root, ".//o:identifier")) == number


# ---- harvesting --------------------------------------------------------------------------------------

Reply = tuple[int, dict[str, str], bytes]


@contextmanager
def _served(reply: Callable[[dict[str, list[str]]], Reply]) -> Iterator[str]:
    """The address of a server that answers a request's arguments as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            status, headers, content = reply(parse_qs(urlsplit(self.path).query))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/oai"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _xml(inner: str) -> bytes:
    head = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2020-11-15T01:02:03Z</responseDate>'
    return f"{head}<request/>{inner}</OAI-PMH>".encode()


IDENTIFY = _xml("<Identify><granularity>YYYY-MM-DD</granularity></Identify>")


def _record(identifier: str, title: str = "Bài", url: str = "https://example.org/1", more: str = "") -> str:
    return (
        f"<record><header><identifier>{identifier}</identifier></header><metadata>"
        f'<d:dc xmlns:d="{NS["d"]}" xmlns:dc="{NS["dc"]}"><dc:title>{title}</dc:title>'
        f"<dc:identifier>{url}</dc:identifier>{more}</d:dc></metadata></record>"
    )


def _deleted(identifier: str) -> str:
    return f'<record><header status="deleted"><identifier>{identifier}</identifier></header></record>'


def _giving(*inners: str) -> Callable[[dict[str, list[str]]], Reply]:
    """Who identifies itself, and gives one page after another to whoever lists records."""

    def reply(sent: dict[str, list[str]]) -> Reply:
        if sent["verb"] == ["Identify"]:
            return 200, {}, IDENTIFY
        page = int(sent.get("resumptionToken", ["0"])[0])
        token = f"<resumptionToken>{page + 1}</resumptionToken>" if page + 1 < len(inners) else ""
        return 200, {}, _xml(f"<ListRecords>{inners[page]}{token}</ListRecords>")

    return reply


@pytest.fixture
def private() -> Iterator[None]:
    """The tests' own servers may be harvested."""
    with override_settings(HARVEST_PRIVATE=True):
        yield


def _repository(address: str) -> Repository:
    return Repository.objects.create(name="Kho bạn", address=address)


def test_records_are_taken_once_and_changed_where_they_changed(db: None, private: None) -> None:
    more = "<dc:language>vie</dc:language><dc:type>video</dc:type><dc:rights>CC BY-SA</dc:rights>"
    with _served(_giving(_record("a", more=more), _record("b"))) as address:
        row = _repository(address)
        assert harvesting.harvest(row) == services.Taken(added=2)
        assert harvesting.harvest(row) == services.Taken()
    one = Material.objects.get(identifier="a")
    assert (one.title, one.language, one.form, one.licence) == ("Bài", "vi", "video", "cc-by-sa")
    row.refresh_from_db()
    assert row.harvested_to == datetime(2020, 11, 15, 1, 2, 3, tzinfo=UTC)
    with _served(_giving(_record("a", "Bài khác"))) as address:
        row.address = address
        row.save()
        assert harvesting.harvest(row) == services.Taken(changed=1)
    assert Material.objects.count() == 2


def test_only_what_is_new_is_asked_in_the_days_or_seconds_of_the_repository(db: None, private: None) -> None:
    asked: list[dict[str, list[str]]] = []

    def reply(sent: dict[str, list[str]]) -> Reply:
        asked.append(sent)
        if sent["verb"] == ["Identify"]:
            return 200, {}, IDENTIFY
        return 200, {}, _xml('<error code="noRecordsMatch">x</error>')

    with _served(reply) as address:
        row = _repository(address)
        row.part = "nong-nghiep"
        row.save()
        harvesting.harvest(row)
        harvesting.harvest(row)
    assert asked[1] == {"verb": ["ListRecords"], "metadataPrefix": ["oai_dc"], "set": ["nong-nghiep"]}
    assert asked[3]["from"] == ["2020-11-15"]


def test_what_the_repository_deletes_is_withdrawn_and_comes_back_with_it(db: None, private: None) -> None:
    with _served(_giving(_record("a"))) as address:
        row = _repository(address)
        harvesting.harvest(row)
    with _served(_giving(_deleted("a") + _deleted("never-seen"))) as address:
        Repository.objects.update(address=address)
        row.refresh_from_db()
        assert harvesting.harvest(row) == services.Taken(gone=1)
    assert Material.objects.get().is_withdrawn
    with _served(_giving(_record("a"))) as address:
        Repository.objects.update(address=address)
        row.refresh_from_db()
        harvesting.harvest(row)
    assert not Material.objects.get().is_withdrawn


def test_what_our_own_people_withdrew_stays_withdrawn(cast: Cast, private: None) -> None:
    with _served(_giving(_record("a"))) as address:
        row = _repository(address)
        harvesting.harvest(row)
        materials.withdraw(by=cast.binh, material=Material.objects.get())
    with _served(_giving(_record("a", "Bài khác"))) as address:
        Repository.objects.update(address=address)
        row.refresh_from_db()
        harvesting.harvest(row)
    assert Material.objects.get().is_withdrawn


def test_a_record_without_a_title_or_an_address_of_the_web_is_left_out_and_said(db: None, private: None) -> None:
    bad = _record("a", " ") + _record("b", url="javascript:alert(1)") + _record("c", url="urn:isbn:1")
    with _served(_giving(bad + _record("d"))) as address:
        assert harvesting.harvest(_repository(address)) == services.Taken(added=1, skipped=3)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">&b;</OAI-PMH>'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<OAI-PMH><broken", "XML đúng dạng"),
        (b"", "XML đúng dạng"),
        (b"<html></html>", "không phải là kho"),
        (BOMB, "không an toàn"),
        (BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "không an toàn"),
        (_xml('<error code="badArgument">x</error>'), "badArgument"),
        (_xml("<ListRecords><record/></ListRecords>"), "giao thức"),
        (_xml("<Identify/>"), "giao thức"),
        (b" " * (web.MOST_BYTES + 1), "quá dài"),
    ],
)
def test_a_second_page_that_is_wrong_leaves_a_sentence_and_no_row(
    cast: Cast, private: None, content: bytes, said: str
) -> None:
    good = _giving(_record("a"), "")

    def reply(sent: dict[str, list[str]]) -> Reply:
        return (200, {}, content) if "resumptionToken" in sent else good(sent)

    with _served(reply) as address:
        row = _repository(address)
        job = services.ask_harvest(by=cast.binh, repository=row)
        _work(job)
    job.refresh_from_db()
    row.refresh_from_db()
    assert job.state == "failed"
    assert said in row.trouble
    assert said in job.note
    assert not Material.objects.exists()
    assert row.harvested_to is None


def _work(job: Job) -> None:
    """Do a job as a worker does."""
    assert working._take(job, worker="test")
    working._perform(job)


def test_a_token_that_comes_again_ends_the_walk(db: None, private: None) -> None:
    def reply(sent: dict[str, list[str]]) -> Reply:
        if sent["verb"] == ["Identify"]:
            return 200, {}, IDENTIFY
        return 200, {}, _xml(f"<ListRecords>{_record('a')}<resumptionToken>x</resumptionToken></ListRecords>")

    with _served(reply) as address, pytest.raises(Invalid, match="khi nào hết"):
        harvesting.harvest(_repository(address))
    assert not Material.objects.exists()


def test_a_busy_repository_is_waited_for_and_left_alone_when_it_asks_for_long(db: None, private: None) -> None:
    good, busy = _giving(_record("a")), [True, True]

    def reply(sent: dict[str, list[str]]) -> Reply:
        return (503, {"Retry-After": "0"}, b"") if busy and busy.pop() else good(sent)

    with _served(reply) as address:
        assert harvesting.harvest(_repository(address)) == services.Taken(added=1)
    with _served(lambda sent: (503, {"Retry-After": "3600"}, b"")) as address, pytest.raises(Invalid, match="bận"):
        harvesting.harvest(_repository(address))
    with _served(lambda sent: (503, {"Retry-After": "0"}, b"")) as address, pytest.raises(Invalid, match="bận"):
        harvesting.harvest(_repository(address))


@pytest.mark.parametrize("address", ["http://127.0.0.1/oai", "http://localhost/", "http://[::1]/", "http://10.1.2.3/"])
def test_a_machine_of_ones_own_network_is_never_asked(db: None, address: str) -> None:
    with pytest.raises(Invalid, match="mạng nội bộ"):
        web.fetch(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104  # judged, not listened on
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_no_address_behind_which_the_own_network_may_stand_is_public(address: str) -> None:
    assert not web.is_public(address)


@pytest.mark.parametrize("url", ["ftp://a.vn/", "file:///etc/passwd", "http://", "http://a b.vn/", "http://u:p@a.vn/"])
def test_an_address_that_is_none_of_the_web_is_not_read(url: str) -> None:
    with pytest.raises(Invalid, match="đúng dạng"):
        web.fetch(url)


def test_a_server_that_is_not_there_is_said_by_its_name(db: None, private: None) -> None:
    with _served(_giving()) as address:
        gone = address
    _refused(gone, r"Không kết nối được với kho \(127.0.0.1\)")


def test_a_redirect_is_followed_but_judged_and_not_for_ever(db: None, private: None) -> None:
    with _served(_giving(_record("a"))) as there:

        def onward(sent: dict[str, list[str]]) -> Reply:
            verb = sent["verb"][0]
            return 302, {"Location": f"{there}?verb={verb}&metadataPrefix=oai_dc"}, b""

        with _served(onward) as address:
            assert harvesting.harvest(_repository(address)) == services.Taken(added=1)
    with _served(lambda sent: (302, {"Location": "/oai?verb=x"}, b"")) as address:
        _refused(address, "quá nhiều lần")
    with _served(lambda sent: (302, {"Location": "file:///etc/passwd"}, b"")) as address:
        _refused(address, "đúng dạng")


def _refused(address: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        web.fetch(f"{address}?verb=x")


# ---- who may, and when -------------------------------------------------------------------------------


def test_repositories_are_the_provinces_business(cast: Cast) -> None:
    with pytest.raises(Refused):
        services.add_repository(by=cast.hue, name="Kho", address="https://example.org/oai")
    row = services.add_repository(by=cast.binh, name="Kho", address="https://example.org/oai")
    with pytest.raises(Invalid):
        services.add_repository(by=cast.binh, name="Kho 2", address="https://example.org/oai")
    services.set_active(by=cast.binh, repository=row, is_active=False)
    with pytest.raises(Conflict):
        services.set_active(by=cast.binh, repository=row, is_active=False)
    with pytest.raises(Invalid):
        services.ask_harvest(by=cast.binh, repository=row)


def test_each_repository_is_asked_once_a_day_and_a_stopped_one_never(cast: Cast) -> None:
    for name in ("a", "b"):
        services.add_repository(by=cast.binh, name=name, address=f"https://example.org/{name}")
    services.set_active(by=cast.binh, repository=Repository.objects.get(name="b"), is_active=False)
    assert [services.harvest_due(), services.harvest_due()] == [1, 0]
    with clock.pinned(clock.now() + timedelta(days=1, minutes=1)):
        assert services.harvest_due() == 1


def test_a_repository_that_was_changed_while_it_was_read_is_not_written(cast: Cast) -> None:
    row = services.add_repository(by=cast.binh, name="Kho", address="https://example.org/oai")
    services.edit_repository(by=cast.binh, repository=row, name="Kho", address="https://example.org/khac")
    with pytest.raises(Conflict):
        services.take_records(repository=row, records=[], harvested_to=None)


def test_the_page_adds_stops_and_harvests_at_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.binh)
    page = "/learning/materials/repositories/"
    client.post(f"{page}new/", {"name": "Kho bạn", "address": "https://example.org/oai", "part": ""})
    row = Repository.objects.get()
    assert "Kho bạn" in client.get(page).content.decode()
    assert client.post(f"{page}{row.pk}/harvest/").headers["Location"] == f"/jobs/{Job.objects.get().pk}/"
    assert client.post(f"{page}{row.pk}/harvest/").headers["Location"] == f"/jobs/{Job.objects.get().pk}/"
    Job.objects.update(owner_key="another")
    assert client.post(f"{page}{row.pk}/harvest/").status_code == 409
    client.post(f"{page}{row.pk}/stop/")
    row.refresh_from_db()
    assert not row.is_active
    client.force_login(cast.hue)
    assert client.get(page).status_code == 403


# ---- the round trip ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_one_house_shares_another_one_harvests_word_for_word(
    cast: Cast, private: None, live_server: LiveServer
) -> None:
    topic = make_topic()
    first = _share(cast, "Phòng bệnh & sống khỏe", topic=topic, author="Lê Văn Bảy", summary="Hai\ndòng", form="slides")
    _many(cast, 250, field="life_skills")
    row = _repository(f"{live_server.url}/oai/")
    assert harvesting.harvest(row) == services.Taken(added=251)
    taken = Material.objects.get(repository=row, title=first.title)
    same = ("author", "summary", "topic", "field", "language", "licence", "form")
    assert [getattr(taken, name) for name in same] == [getattr(first, name) for name in same]
    assert set(Material.objects.filter(repository=row).values_list("field", flat=True)) == {"health", "life_skills"}
    later = clock.now() + timedelta(hours=1)
    with clock.pinned(later):
        materials.withdraw(by=cast.hue, material=first)
    row.refresh_from_db()
    assert harvesting.harvest(row) == services.Taken(gone=1)
