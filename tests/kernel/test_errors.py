"""The four ways of saying no: each keeps its sentence, and one of them its field."""

import pytest

from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused


@pytest.mark.parametrize("kind", [Refused, Missing, Conflict, Invalid])
def test_every_no_carries_its_sentence(kind: type[HouseError]) -> None:
    error = kind("Không được.")
    assert error.sentence == "Không được."
    assert str(error) == "Không được."


def test_invalid_names_the_field_at_fault_or_none() -> None:
    assert Invalid("Sai.", field="due_on").field == "due_on"
    assert Invalid("Sai.").field == ""
