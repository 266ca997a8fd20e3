"""What is done with forms, rounds and submissions."""

from hieuhoc.reports.services.forms import draft_form, edit_layout, new_version, put_in_force, retire
from hieuhoc.reports.services.importing import PastReport, import_reports
from hieuhoc.reports.services.kinds import define_kind, edit_kind, end_kind
from hieuhoc.reports.services.reminders import remind_late, remind_owed
from hieuhoc.reports.services.rounds import (
    cancel_round,
    close_round,
    open_round,
    open_rounds,
    publish_round,
    reopen_round,
)
from hieuhoc.reports.services.shipping import LoadedForms, load_forms
from hieuhoc.reports.services.submissions import (
    Given,
    Saved,
    approve,
    approve_several,
    ask_again,
    comment,
    excuse,
    extend,
    fill,
    lock,
    note_paper,
    send_back,
    settle_comment,
    source_of,
    submit,
    unlock,
    withdraw,
)

__all__ = [
    "Given",
    "LoadedForms",
    "PastReport",
    "Saved",
    "approve",
    "approve_several",
    "ask_again",
    "cancel_round",
    "close_round",
    "comment",
    "define_kind",
    "draft_form",
    "edit_kind",
    "edit_layout",
    "end_kind",
    "excuse",
    "extend",
    "fill",
    "import_reports",
    "load_forms",
    "lock",
    "new_version",
    "note_paper",
    "open_round",
    "open_rounds",
    "publish_round",
    "put_in_force",
    "remind_late",
    "remind_owed",
    "reopen_round",
    "retire",
    "send_back",
    "settle_comment",
    "source_of",
    "submit",
    "unlock",
    "withdraw",
]
