"""Filled workbooks as drafts of figures: read with care, judged cell by cell; nothing is saved here."""
