"""After every story, whatever it did: each stored total is what its facts make."""

from collections.abc import Iterator

import pytest
from tests.factories.indicators import assert_totals_hold


@pytest.fixture(autouse=True)
def _totals_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    if marker is not None:
        # Asked for here, so that the database is still there when the story has been told.
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    yield
    if marker is not None:
        assert_totals_hold()
