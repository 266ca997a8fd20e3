"""What a browser sends to the pages of indicators and targets."""

from hieuhoc.registers.indicators.forms.definitions import BreakdownForm, DefinitionForm, EndForm
from hieuhoc.registers.indicators.forms.fields import RowsFileForm, attempt
from hieuhoc.registers.indicators.forms.targets import TakeBackForm, TargetsForm, TargetsOfForm

__all__ = [
    "BreakdownForm",
    "DefinitionForm",
    "EndForm",
    "RowsFileForm",
    "TakeBackForm",
    "TargetsForm",
    "TargetsOfForm",
    "attempt",
]
