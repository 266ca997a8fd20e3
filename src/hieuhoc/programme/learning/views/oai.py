"""Our own repository for others to harvest: OAI-PMH 2.0, asked without signing in, by GET or POST."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hieuhoc.foundation.records import clock
from hieuhoc.programme.learning.documents import oai as document
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules import oai as rules
from hieuhoc.programme.learning.selectors import materials as selectors

if TYPE_CHECKING:
    from hieuhoc.programme.learning.models import Material

_SALT = "hieuhoc.learning.oai"
_TOKEN_SECONDS = 24 * 60 * 60


@csrf_exempt  # nothing is changed by asking, and programs that harvest know no token of ours
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """The answer to one request of the protocol; its errors are answers too."""
    sent = request.POST if request.method == "POST" else request.GET
    address = f"{settings.PUBLIC_ADDRESS}{reverse('learning:oai')}"
    now = clock.now()
    try:
        asked = rules.read(sent.lists())
        answer = document.Answer(address=address, now=now, request={name: sent[name] for name in sent})
        _answer(answer, asked, address=address, now=now)
    except rules.Wrong as wrong:
        said = {} if wrong.code in ("badVerb", "badArgument") else {name: sent[name] for name in sent}
        answer = document.Answer(address=address, now=now, request=said)
        answer.error(wrong.code, str(wrong))
    return HttpResponse(answer.content(), content_type="text/xml; charset=utf-8")


def _answer(answer: document.Answer, asked: rules.Asked, *, address: str, now: datetime) -> None:
    if asked.verb == "Identify":
        first = selectors.offered().order_by("changed_at").values_list("changed_at", flat=True).first()
        answer.identify(address=address, email=settings.DEFAULT_FROM_EMAIL, earliest=first or now)
    elif asked.verb == "ListMetadataFormats":
        if asked.identifier:
            _material(asked.identifier)
        answer.formats()
    elif asked.verb == "ListSets":
        if asked.token:
            raise rules.Wrong("badResumptionToken", "There is one page of sets only.")
        answer.sets()
    elif asked.verb == "GetRecord":
        answer.one(_material(asked.identifier))
    else:
        _list(answer, asked)


def _material(identifier: str) -> Material:
    pk = document.pk_of(identifier)
    found = selectors.offered().filter(pk=pk).first() if pk is not None else None
    if found is None:
        raise rules.Wrong("idDoesNotExist", "There is no such record here.")
    return found


def _list(answer: document.Answer, asked: rules.Asked) -> None:
    """A page of a list; the token says where the next one begins, so that nothing has to be kept between them."""
    place = _place(asked)
    since, until = (_read(place[name]) for name in ("since", "until"))
    after = (_read(place["at"]), place["pk"]) if place["at"] else None
    rows = selectors.offered_between(since=since, until=until, part=place["part"], after=after)  # type: ignore[arg-type]  # `at` is an instant here
    page = list(rows[: rules.PAGE + 1])
    if not page:
        raise rules.Wrong("noRecordsMatch", "Nothing is like that.")
    is_more, page = len(page) > rules.PAGE, page[: rules.PAGE]
    size = place["size"]
    if is_more and not size:
        size = selectors.offered_between(since=since, until=until, part=place["part"]).count()
    token = None
    if is_more:
        last = page[-1]
        onward = place | {"at": last.changed_at.isoformat(), "pk": last.pk, "size": size}
        token = signing.dumps(onward | {"cursor": place["cursor"] + len(page)}, salt=_SALT, compress=True)
    elif asked.token:
        token = ""
    answer.listed(asked.verb, page, token=token, cursor=place["cursor"], size=size)


def _place(asked: rules.Asked) -> dict[str, Any]:
    if not asked.token:
        if asked.part and asked.part not in kinds.FIELDS:
            raise rules.Wrong("noRecordsMatch", "There is no such set.")
        return {
            "verb": asked.verb,
            "since": asked.since.isoformat() if asked.since else "",
            "until": asked.until.isoformat() if asked.until else "",
            "part": asked.part,
            "at": "",
            "pk": 0,
            "cursor": 0,
            "size": 0,
        }
    try:
        place: dict[str, Any] = signing.loads(asked.token, salt=_SALT, max_age=_TOKEN_SECONDS)
    except signing.BadSignature as error:
        raise rules.Wrong("badResumptionToken", "The token is none of ours, or too old.") from error
    if place["verb"] != asked.verb:
        raise rules.Wrong("badResumptionToken", "The token belongs to another verb.")
    return place


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


urlpatterns = [path("oai/", oai, name="oai")]
