"""Every write about people, their roles, and what they may change in the register of units."""

from hieuhoc.registers.accounts.services.grants import end_grant, give_first_grant, give_grant
from hieuhoc.registers.accounts.services.invitations import (
    INVITATION_LASTS,
    accept_invitation,
    accept_invitation_as,
    check_link,
    digest_of,
    invite_first_administrator,
    invite_user,
    send_invitation_again,
    withdraw_invitation,
)
from hieuhoc.registers.accounts.services.units import change_unit, create_unit, end_unit
from hieuhoc.registers.accounts.services.users import (
    change_profile,
    open_demonstration_account,
    restore_user,
    suspend_user,
)

__all__ = [
    "INVITATION_LASTS",
    "accept_invitation",
    "accept_invitation_as",
    "change_profile",
    "change_unit",
    "check_link",
    "create_unit",
    "digest_of",
    "end_grant",
    "end_unit",
    "give_first_grant",
    "give_grant",
    "invite_first_administrator",
    "invite_user",
    "open_demonstration_account",
    "restore_user",
    "send_invitation_again",
    "suspend_user",
    "withdraw_invitation",
]
