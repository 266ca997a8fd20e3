"""The page of roles holds together, and its reference page is made from it."""

from pathlib import Path

from hieuhoc.registers.accounts.roles import FIELDS, LEVEL_NAMES, MEANING, ROLES, Permission, describe, role_table


def test_every_permission_is_explained_and_carried_by_some_role() -> None:
    assert set(MEANING) == set(Permission)
    assert {permission for role in ROLES.values() for permission in role.permissions} == set(Permission)


def test_every_permission_stands_once_in_the_table_of_the_page() -> None:
    listed = [permission for _field, rows in role_table() for permission, _meaning, _marks in rows]
    assert sorted(listed) == sorted(Permission)
    assert len(FIELDS) == len(role_table())


def test_every_level_of_a_role_has_a_name() -> None:
    assert {level for role in ROLES.values() for level in role.levels} <= set(LEVEL_NAMES)


def test_a_reader_changes_nothing() -> None:
    assert all(one.endswith((".read", ".export")) for one in ROLES["reader"].permissions)


def test_an_administrator_does_not_do_the_work_of_the_units() -> None:
    work = {Permission.TASK_REPORT, Permission.TASK_CONFIRM, Permission.PLAN_ISSUE, Permission.OBSTACLE_DECIDE}
    assert not work & ROLES["administrator"].permissions


def test_the_reference_page_is_the_page_of_roles(repository: Path) -> None:
    written = (repository / "docs/reference/roles.md").read_text(encoding="utf-8")
    assert written == describe(), "run: hieuhoc manage write_roles"
