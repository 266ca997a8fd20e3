"""The province as it ships, for tests that ask what is in it."""

import pytest
from tests.factories import places as factory

from hieuhoc.registers.places.models import Unit


@pytest.fixture
def kien_giang(db: None) -> Unit:
    """Kiên Giang in 2020: 15 districts, 145 communes, their agencies and groups."""
    return factory.load_kien_giang()
