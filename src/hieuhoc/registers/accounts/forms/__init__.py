"""The shapes of what a browser sends about people, roles and units. What is allowed is said by the services."""

from hieuhoc.registers.accounts.forms.fields import MEGABYTES, FileForm, NumberField, UnitField, attempt
from hieuhoc.registers.accounts.forms.people import (
    AcceptanceForm,
    EndGrantForm,
    GrantForm,
    InvitationForm,
    ProfileForm,
    TrailFilter,
    WhyForm,
)
from hieuhoc.registers.accounts.forms.reorganisations import ReorganisationForm, RowForm, RowsFileForm, ShippedForm
from hieuhoc.registers.accounts.forms.units import (
    AliasEndForm,
    AliasForm,
    MembersForm,
    SizeForm,
    UnitChangeForm,
    UnitCreateForm,
    UnitEndForm,
    UnitKindForm,
    UnitMoveForm,
    UnitsFileForm,
)

__all__ = [
    "MEGABYTES",
    "AcceptanceForm",
    "AliasEndForm",
    "AliasForm",
    "EndGrantForm",
    "FileForm",
    "GrantForm",
    "InvitationForm",
    "MembersForm",
    "NumberField",
    "ProfileForm",
    "ReorganisationForm",
    "RowForm",
    "RowsFileForm",
    "ShippedForm",
    "SizeForm",
    "TrailFilter",
    "UnitChangeForm",
    "UnitCreateForm",
    "UnitEndForm",
    "UnitField",
    "UnitKindForm",
    "UnitMoveForm",
    "UnitsFileForm",
    "WhyForm",
    "attempt",
]
