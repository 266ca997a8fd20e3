"""Hiếu Học: software with which a Vietnamese province runs its learning society."""
