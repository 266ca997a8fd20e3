"""Checking a row against the rules of its table before it is written."""

from django.core.exceptions import ValidationError

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.accounts.models import AccessToken, Grant, Invitation, User


def check_columns(row: User | Grant | Invitation | AccessToken) -> None:
    """Raises: Invalid with the first column that breaks a rule of the table."""
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(sentences), field="" if field == "__all__" else field) from error
