"""Lists of people, of units and of reorganisations as files: workbooks that can be signed, and plain rows."""

from hieuhoc.registers.accounts.documents.comparing import compared_workbook
from hieuhoc.registers.accounts.documents.people import people_workbook
from hieuhoc.registers.accounts.documents.reorganisations import rows_template, rows_workbook
from hieuhoc.registers.accounts.documents.units import units_csv, units_template, units_workbook
from hieuhoc.registers.accounts.documents.workbook import CSV, XLSX

__all__ = [
    "CSV",
    "XLSX",
    "compared_workbook",
    "people_workbook",
    "rows_template",
    "rows_workbook",
    "units_csv",
    "units_template",
    "units_workbook",
]
