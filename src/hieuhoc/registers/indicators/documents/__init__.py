"""Definitions and targets as files."""

from hieuhoc.registers.indicators.documents.tables import XLSX, definitions_workbook, targets_workbook

__all__ = ["XLSX", "definitions_workbook", "targets_workbook"]
