"""Invites whoever shall run the house, before anybody manages users there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hieuhoc.foundation.records.trail import HOUSE
from hieuhoc.kernel.errors import HouseError
from hieuhoc.registers.accounts import services
from hieuhoc.registers.places import selectors as places


class Command(BaseCommand):
    help = "Invite the first administrator of a unit and print the link of the invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="full name")
        parser.add_argument("unit", help="key of the unit, for example that of the province")

    def handle(self, *, email: str, name: str, unit: str, **options: Any) -> None:
        try:
            link = services.invite_first_administrator(
                by=HOUSE, email=email, full_name=name, unit=places.unit_by_key(unit)
            )
        except HouseError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(link)
