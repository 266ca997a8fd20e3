"""Every write to the register of units."""

from hieuhoc.registers.places.services.groups import set_members
from hieuhoc.registers.places.services.loading import Loaded, load_province
from hieuhoc.registers.places.services.units import (
    add_alias,
    change_unit,
    create_unit,
    end_alias,
    end_unit,
    move_unit,
    rename_unit,
)

__all__ = [
    "Loaded",
    "add_alias",
    "change_unit",
    "create_unit",
    "end_alias",
    "end_unit",
    "load_province",
    "move_unit",
    "rename_unit",
    "set_members",
]
