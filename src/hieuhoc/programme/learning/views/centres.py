"""Bodies that offer learning as everybody may see them, without an account and without anybody's own telephone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.selectors import providers as selectors
from hieuhoc.programme.learning.views import provider_shown as shown

PER_PAGE = 30


@login_not_required
@require_safe
def centre_list(request: HttpRequest) -> HttpResponse:
    """Where one can learn, found by name, place or kind."""
    asked = request.GET
    found = selectors.searched(selectors.public_providers(), text=asked.get("q", ""), kind=asked.get("kind", ""))
    page = pages.page_of(request, found, per_page=PER_PAGE)
    context = {
        "title": _("Nơi học tập"),
        "page": page,
        "rows": [(row, capfirst(in_words(kinds.PROVIDERS[row.kind]))) for row in page],
        "q": asked.get("q", ""),
        "selects": [shown.select("kind", _("Loại"), shown.kind_options(), asked.get("kind", ""))],
    }
    template, fragment = "learning/centres/list.html", "learning/centres/_rows.html"
    return pages.render(request, template, context, fragment=fragment)


@login_not_required
@require_safe
def centre_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One body: where it is, when it is open, who leads it, what comes next there, what it came from."""
    provider = selectors.public_provider(key)
    today = clock.today()
    director = selectors.directors_on(today, [provider.pk]).get(provider.pk, "")
    place = ", ".join(one.name for one in (provider.unit, provider.unit.parent) if one)
    facts = [shown.fact(_("Nơi đặt"), place), *shown.contact(provider)]
    if director:
        facts.append(shown.fact(_("Giám đốc"), director))
    context = {
        "title": provider.name,
        "provider": provider,
        "kind": capfirst(in_words(kinds.PROVIDERS[provider.kind])),
        "badge": shown.standing_badge(provider, today),
        "facts": [one for one in facts if one["text"]],
        "programmes": [line for line in provider.programmes.splitlines() if line.strip()],
        "to_come": selectors.to_come(provider),
        "came_from": [row for row in selectors.came_from(provider) if row.before.is_public],
        "went_into": [row for row in selectors.went_into(provider) if row.after.is_public],
    }
    return pages.render(request, "learning/centres/detail.html", context)


urlpatterns = [
    path("centres/", centre_list, name="centre-list"),
    path("centres/<slug:key>/", centre_detail, name="centre-detail"),
]
