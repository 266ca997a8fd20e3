"""Certificates of completion: who gets one, its number, the paper, the check by anybody, and revoking."""

import io
from datetime import timedelta

import pypdfium2
import pytest
import qrcode
from django.core.cache import cache
from django.test import Client
from PIL import Image
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session

from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.documents import certificates as documents
from hieuhoc.programme.learning.models import Activity, Certificate
from hieuhoc.programme.learning.selectors import certificates as selectors
from hieuhoc.programme.learning.services import certificates as services
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.registers.people.services import forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(cast: Cast) -> Activity:
    """A class of two sessions held, with three people who have completed and one who has not."""
    cache.clear()
    made = make_activity(make_provider(cast.commune))
    for days in (9, 2):
        make_session(made, TODAY - timedelta(days=days))
    made.sessions.update(state="held")
    rows = [
        enrolments.enrol(by=cast.hue, activity=made, person=make_person(name, unit=cast.commune))
        for name in ("Trần Thị Bích", "Lê Văn Chín", "Danh Út", "Ngô Tám")
    ]
    enrolments.complete(by=cast.hue, activity=made, enrolments=[row.pk for row in rows[:3]])
    return made


def issue(cast: Cast, activity: Activity) -> list[Certificate]:
    numbers = [row.pk for row in selectors.to_issue(activity)]
    return services.issue(by=cast.hue, activity=activity, enrolments=numbers)


def test_numbers_run_through_the_year_of_a_provider(cast: Cast, activity: Activity) -> None:
    made = issue(cast, activity)
    provider = activity.provider_id
    assert [one.number for one in made] == [f"00{turn}/2020/GCN-{provider}" for turn in (1, 2, 3)]
    assert issue(cast, activity) == []
    other = make_activity(activity.provider, "Lớp khác")
    row = enrolments.enrol(by=cast.hue, activity=other, person=make_person("Lê Mười"))
    enrolments.complete(by=cast.hue, activity=other, enrolments=[row.pk])
    assert [one.number for one in issue(cast, other)] == [f"004/2020/GCN-{provider}"]


def test_only_who_completed_gets_one_and_only_from_who_runs_the_class(cast: Cast, activity: Activity) -> None:
    numbers = [row.pk for row in activity.enrolments.all()]
    with pytest.raises(Invalid):
        services.issue(by=cast.hue, activity=activity, enrolments=numbers)
    for user, error in ((cast.lan, Refused), (cast.xuan, Refused), (cast.chi, Missing)):
        with pytest.raises(error):
            services.issue(by=user, activity=activity, enrolments=numbers[:1])
    assert not Certificate.objects.exists()


def test_anybody_checks_a_code_however_it_is_written(cast: Cast, activity: Activity) -> None:
    one = issue(cast, activity)[0]
    shown = f"{one.code[:4]}-{one.code[4:8]}-{one.code[8:]}".lower()
    for code in (one.code, shown):
        page = Client().get(f"/certificates/{code}/").content.decode()
        assert "có giá trị" in page
        assert "Trần Thị Bích" in page
        assert "1980" not in page
    assert Client().get("/certificates/", {"code": shown}).url == f"/certificates/{shown.replace('-', '')}/"


def test_a_code_that_nobody_issued_tells_nothing_and_guessing_has_an_end(activity: Activity) -> None:
    for _time in range(60):
        assert Client().get("/certificates/AAAABBBBCCCC/").status_code == 404
    assert Client().get("/certificates/AAAABBBBCCCC/").status_code == 422


def test_a_revoked_one_says_so_without_the_name_and_another_may_follow(cast: Cast, activity: Activity) -> None:
    one = issue(cast, activity)[0]
    with pytest.raises(Invalid):
        services.revoke(by=cast.hue, certificate=one, why="")
    with pytest.raises(Conflict):
        enrolments.undo_completion(by=cast.hue, enrolment=one.enrolment, why="x")
    services.revoke(by=cast.hue, certificate=one, why="Ghi sai năm sinh")
    with pytest.raises(Conflict):
        services.revoke(by=cast.hue, certificate=one, why="lần nữa")
    page = Client().get(f"/certificates/{one.code}/").content.decode()
    assert "thu hồi" in page
    assert "Ghi sai năm sinh" in page
    assert "Bích" not in page
    assert [again.enrolment_id for again in issue(cast, activity)] == [one.enrolment_id]


def test_whoever_was_forgotten_is_named_on_no_check(cast: Cast, activity: Activity) -> None:
    one = issue(cast, activity)[0]
    forget(by=cast.hue, person=one.enrolment.person, why="Theo đơn")
    assert "Bích" not in Client().get(f"/certificates/{one.code}/").content.decode()


def test_the_paper_says_who_what_and_how_to_check_it(cast: Cast, activity: Activity) -> None:
    one = issue(cast, activity)[0]
    found = selectors.certificate_of(activity, one.pk)
    content = documents.certificate_file(found, "pdf", hours=selectors.hours_of(activity), signer="Trương Thị Huệ")
    (page,) = pypdfium2.PdfDocument(content)
    said = " ".join(page.get_textpage().get_text_bounded().split())
    for words in ("Trần Thị Bích", activity.title, "4 giờ học", one.number, one.code[:4], "Trương Thị Huệ"):
        assert words in said
    assert documents.certificate_file(found, "docx", hours=4).startswith(b"PK")


def test_the_picture_is_the_code_of_the_address(cast: Cast, activity: Activity) -> None:
    address = documents.check_address(issue(cast, activity)[0])
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    code.make(fit=True)
    with Image.open(io.BytesIO(documents.qr_png(address))) as picture:
        side = picture.width // len(code.get_matrix())
        read = [
            [picture.getpixel((x * side + side // 2, y * side + side // 2)) == 0 for x in range(picture.width // side)]
            for y in range(picture.height // side)
        ]
    assert read == code.get_matrix()
