"""How a sheet of attendance is laid out as a workbook, for who writes it and who reads it back. No Django."""

from collections.abc import Mapping

SIGNS: Mapping[str, str] = {"present": "x", "late": "m", "absent": "v", "": ""}
LEGEND = "x: có mặt; m: đến muộn; v: vắng; để trống: chưa ghi."
SHEET, STAMP = "Điểm danh", "hieuhoc"
STAMPED = "hieuhoc.attendance"
"""What stands first on the hidden sheet."""
HEAD_ROW = 7
"""The row of the titles of the columns, counted from 0."""
FIRST_SESSION = 4
"""So many columns come before the sessions: TT, name, year of birth, sex."""
FREE_ROWS = 20
"""Rows for those who are not in the list."""
STAMP_HEAD = 4
"""Rows of the hidden sheet before those of the learners."""
