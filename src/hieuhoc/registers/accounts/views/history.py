"""The trail: who did what, when and why."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.ui import pages
from hieuhoc.registers.accounts import access, forms, selectors
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest, chosen


@require_safe
def trail(request: UserRequest) -> HttpResponse:
    access.require_somewhere(request.user, Permission.TRAIL_READ)
    form = forms.TrailFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    deed = asked.get("deed", "")
    seen = access.entries_seen(request.user)
    found = selectors.entries(
        seen, actor=asked.get("actor", ""), deed=deed, since=asked.get("since"), until=asked.get("until")
    )
    page = pages.page_of(request, found)
    names = selectors.deed_names()
    deeds = sorted(((deed, names.get(deed, deed)) for deed in selectors.deeds_among(seen)), key=lambda one: one[1])
    context = {
        "page": page,
        "lines": selectors.told(page.object_list),
        "form": form,
        "selects": [{"name": "deed", "label": _("Việc"), "options": chosen(deeds, deed, any_label=_("Mọi việc"))}],
        "is_filtered": any(asked.values()),
    }
    return pages.render(request, "accounts/trail.html", context, fragment="accounts/_trail.html")
