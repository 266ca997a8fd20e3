"""The province as it ships, for tests that ask what is in it, and a day long after it."""

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings
from tests.factories import places as factory

from hieuhoc.registers.places.models import Unit


@pytest.fixture(autouse=True)
def _a_later_day() -> Iterator[None]:
    """The register is asked about years past: changes of 2021 are not to come. Nobody above the register follows it."""
    with override_settings(TODAY=factory.LATER, FOLLOWERS=[]):
        yield


@pytest.fixture
def kien_giang(db: None) -> Unit:
    """Kiên Giang in 2020: 15 districts, 145 communes, their agencies and groups."""
    return factory.load_kien_giang()
