"""Importing the real shapes of units."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.cast import TODAY, Cast
from tests.factories.indicators import make_indicator

from hieuhoc.foundation.records.models import Entry
from hieuhoc.reports.models import Boundary

pytestmark = pytest.mark.django_db


def square(west: float, south: float) -> list[list[list[float]]]:
    east, north = west + 0.1, south + 0.1
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def collection(*features: tuple[dict[str, Any], list[list[list[float]]]]) -> bytes:
    told = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": rings}}
        for properties, rings in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": told}).encode()


def sent(client: Client, cast: Cast, content: bytes) -> Any:
    client.force_login(cast.tri)
    given = {
        "file": SimpleUploadedFile("ranh-gioi.geojson", content),
        "source": "Sở Tài nguyên và Môi trường, dùng nội bộ",
        "valid_from": "01/01/2020",
    }
    return client.post(f"/dashboard/{cast.province.key}/boundaries/", given, follow=True)


def test_units_are_found_by_code_or_by_name_and_drawn_with_their_shapes(client: Client, cast: Cast) -> None:
    make_indicator("CLC.TURNS", is_key=True)
    cast.commune.versions.update(code="30001")
    answer = sent(
        client,
        cast,
        collection(
            ({"ma_xa": "30001"}, square(105.0, 10.0)),
            ({"ten": "XÃ CHÍ HÒA", "dan_so": 9}, square(105.1, 10.0)),
            ({"ten": "Xã ở nơi khác"}, square(106.0, 11.0)),
        ),
    )
    told = answer.content.decode()
    assert "Đã nhận ranh giới của 2 đơn vị." in told
    assert "Xã ở nơi khác" in told
    assert '<path class="q0"' in told
    assert Boundary.objects.count() == 2
    assert Entry.objects.filter(deed="reports.boundary.import", actor=cast.tri.actor_key).count() == 1


def test_a_later_import_takes_over_from_its_day_and_the_earlier_shape_stays_for_earlier_days(
    client: Client, cast: Cast
) -> None:
    sent(client, cast, collection(({"ten": "Xã An Phú"}, square(105.0, 10.0))))
    sent(client, cast, collection(({"ten": "Xã An Phú"}, square(105.2, 10.0))))
    [one] = Boundary.objects.all()
    assert one.rings[0][0][0] == 105.2
    given = {
        "file": SimpleUploadedFile("b.json", collection(({"ten": "Xã An Phú"}, square(105.4, 10.0)))),
        "source": "x",
    }
    client.post(f"/dashboard/{cast.province.key}/boundaries/", given | {"valid_from": "16/11/2020"})
    earlier, later = Boundary.objects.order_by("valid_from")
    assert (earlier.valid_to, later.valid_from, later.valid_to) == (TODAY, TODAY, None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"khong phai", "không đọc được như JSON"),
        (collection(({"ten": "Xã lạ"}, square(105.0, 10.0))), "Không có đơn vị nào trong tệp khớp"),
        (collection(({"ten": "Xã An Phú"}, [[[588_000, 1_100_000]]])), "không phải kinh độ, vĩ độ"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_a_sentence_and_changes_nothing(
    client: Client, cast: Cast, content: bytes, words: str
) -> None:
    answer = sent(client, cast, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Boundary.objects.exists()


def test_only_who_keeps_the_units_may_import(client: Client, cast: Cast) -> None:
    for user, status in ((cast.binh, 403), (cast.an, 404), (cast.tri, 200)):
        client.force_login(user)
        assert client.get(f"/dashboard/{cast.province.key}/boundaries/").status_code == status
