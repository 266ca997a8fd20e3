"""Pages of the library of learning materials for whoever works here: finding, sharing, using in classes."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.documents import materials as documents
from hieuhoc.programme.learning.forms.fields import attempt
from hieuhoc.programme.learning.forms.materials import MaterialForm
from hieuhoc.programme.learning.models import Material, Topic
from hieuhoc.programme.learning.selectors import activities, topics
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.programme.learning.services import materials as services
from hieuhoc.programme.learning.views import material_shown as shown
from hieuhoc.programme.learning.views.activity_shown import crumbs as activity_crumbs
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.selectors import told

FORM_METHODS = ["GET", "HEAD", "POST"]
SHOWN_USES = 20


def _crumbs(title: str = "") -> list[dict[str, str]]:
    first = {"label": _("Kho học liệu"), "url": reverse("learning:material-list")}
    return [first, {"label": title}] if title else [{"label": _("Kho học liệu")}]


@require_safe
def material_list(request: UserRequest) -> HttpResponse:
    """The library: searched, by topic, field, language, licence, form and source, in any order."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    rows = selectors.withdrawn(request.user) if request.GET.get("state") == "withdrawn" else None
    page = pages.page_of(request, selectors.find_materials(shown.wanted(request), rows=rows), per_page=50)
    selects = shown.selects(request, full=True)
    may_share = accounts.has(request.user, Permission.MATERIAL_SHARE)
    context = {
        "title": _("Kho học liệu"),
        "page": page,
        "rows": [shown.row(one) for one in page.object_list],
        "q": request.GET.get("q", ""),
        "selects": selects,
        "chips": chips(request, selects),
        "may_share": may_share,
        "is_withdrawn": rows is not None,
        "may_harvest": accounts.may_in_a_province(request.user, Permission.MATERIAL_SHARE),
        "query": request.GET.urlencode(),
    }
    template = "learning/materials/list.html"
    return pages.render(request, template, context, fragment="learning/materials/_rows.html")


@require_safe
def material_download(request: UserRequest) -> HttpResponse:
    """What the list has found, as a workbook."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    rows = selectors.find_materials(shown.wanted(request))
    content = documents.materials_workbook(rows, on=clock.today())
    return pages.download(content, _("Học liệu.xlsx"), documents.XLSX)


@require_safe
def material_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A material: what it is, where it is, in which classes it was used."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    material = selectors.material_by_pk(request.user, pk)
    context = {
        "title": material.title,
        "crumbs": _crumbs(material.title),
        "material": material,
        "facts": shown.facts(material, full=True),
        "uses": selectors.uses_of(request.user, material)[:SHOWN_USES],
        "may_keep": selectors.may_keep(request.user, material),
        "history": [asdict(line) for line in told(trail.history(material)[:20])],
    }
    return pages.render(request, "learning/materials/detail.html", context)


@require_safe
def material_file(request: UserRequest, pk: int) -> FileResponse:
    """The file of a material, for whoever works here."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    material = selectors.material_by_pk(request.user, pk)
    if material.file is None:
        raise Missing("Học liệu này không có tệp.")
    return attachments.response(material.file)


# ---- sharing -----------------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
def material_new(request: UserRequest) -> HttpResponse:
    """Share a material: a file or a link."""
    accounts.require_somewhere(request.user, Permission.MATERIAL_SHARE)
    return _edit(request, None)


@require_http_methods(FORM_METHODS)
def material_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a material of our own."""
    accounts.require_somewhere(request.user, Permission.MATERIAL_SHARE)
    material = selectors.material_by_pk(request.user, pk)
    if material.unit is None:
        raise Missing("Học liệu lấy từ kho khác chỉ sửa được ở kho ấy.")
    accounts.require(request.user, Permission.MATERIAL_SHARE, at=material.unit)
    return _edit(request, material)


def _edit(request: UserRequest, material: Material | None) -> HttpResponse:
    units = selectors.sharing_units(request.user)
    choosable = topics.topics_on(clock.today())
    initial: dict[str, Any] = {"language": "vi", "form": "text"}
    if material is not None:
        initial = {name: getattr(material, name) for name in (*services.COLUMNS, "edition")}
        initial["topic"] = material.topic_id
        choosable = choosable | Topic.objects.filter(pk=material.topic_id or 0)
    form = MaterialForm(
        request.POST or None,
        request.FILES or None,
        topics=choosable,
        units=units,
        material=material,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: _saved(request, form, material))
        if saved is not None:
            messages.success(request, _("Đã lưu học liệu."))
            return redirect(saved)
    title = _("Sửa học liệu") if material else _("Chia sẻ học liệu")
    context = {
        "title": title,
        "form": form,
        "submit_label": _("Lưu") if material else _("Chia sẻ"),
        "cancel_url": material.get_absolute_url() if material else reverse("learning:material-list"),
        "crumbs": _crumbs(title),
        "multipart": True,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(request, "ui/pages/form.html", context, status=status)


def _saved(request: UserRequest, form: MaterialForm, material: Material | None) -> Material:
    given = dict(form.cleaned_data)
    file, edition = given.pop("file"), given.pop("edition") or 0
    sent = {"content": file.read(), "file_name": file.name} if file else {}
    if material is not None:
        return services.edit(by=request.user, material=material, edition=edition, **sent, **given)
    key = given.pop("unit")
    unit = next(one for one in selectors.sharing_units(request.user) if one.key == key)
    return services.share(by=request.user, unit=unit, **sent, **given)


@require_POST
def material_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Show a material to nobody any more; its page offers to bring it back."""
    material = selectors.material_by_pk(request.user, pk)
    services.withdraw(by=request.user, material=material)
    messages.success(request, _("Đã rút học liệu. Bấm “Đưa trở lại” nếu rút nhầm."))
    return redirect(material)


@require_POST
def material_restore(request: UserRequest, pk: int) -> HttpResponse:
    """Bring a withdrawn material back."""
    material = selectors.material_by_pk(request.user, pk)
    services.restore(by=request.user, material=material)
    messages.success(request, _("Học liệu đã trở lại kho."))
    return redirect(material)


# ---- in classes --------------------------------------------------------------------------------------


@require_safe
def material_choose(request: UserRequest, code: str) -> HttpResponse:
    """Find a material for an activity; what is on its topic or in its field comes without asking."""
    activity = activities.activity_by_code(request.user, code)
    access.require_with(request.user, Permission.ACTIVITY_RUN, activity)
    words = request.GET.get("q", "")[:200]
    used = set(activity.material_uses.values_list("material", flat=True))
    wanted = selectors.Wanted(text=words, field="" if words else activity.field, sort="-uses")
    found = selectors.find_materials(wanted).exclude(pk__in=used)
    context = {
        "title": _("Thêm học liệu"),
        "activity": activity,
        "crumbs": activity_crumbs(activity, _("Thêm học liệu")),
        "q": words,
        "rows": [shown.row(one) for one in found[:30]],
        "may_share": accounts.has(request.user, Permission.MATERIAL_SHARE),
    }
    return pages.render(request, "learning/materials/choose.html", context)


@require_POST
def material_use(request: UserRequest, code: str) -> HttpResponse:
    """Use a material in an activity."""
    activity = activities.activity_by_code(request.user, code)
    asked = request.POST.get("material", "")
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 18
    material = selectors.public_material(int(asked) if is_number else 0)
    try:
        services.use(by=request.user, activity=activity, material=material)
    except Invalid as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Đã thêm học liệu."))
    return redirect(activity)


@require_POST
def material_unuse(request: UserRequest, code: str, pk: int) -> HttpResponse:
    """Take a material out of an activity."""
    activity = activities.activity_by_code(request.user, code)
    use = activity.material_uses.select_related("material").filter(material=pk).first()
    if use is None:
        raise Missing("Lớp này không dùng học liệu ấy.")
    services.stop_using(by=request.user, activity=activity, material=use.material)
    return redirect(activity)


urlpatterns = [
    path("learning/materials/", material_list, name="material-list"),
    path("learning/materials/download/", material_download, name="material-download"),
    path("learning/materials/new/", material_new, name="material-new"),
    path("learning/materials/<int:pk>/", material_detail, name="material-detail"),
    path("learning/materials/<int:pk>/file/", material_file, name="material-file"),
    path("learning/materials/<int:pk>/edit/", material_edit, name="material-edit"),
    path("learning/materials/<int:pk>/withdraw/", material_withdraw, name="material-withdraw"),
    path("learning/materials/<int:pk>/restore/", material_restore, name="material-restore"),
    path("learning/activities/<slug:code>/materials/", material_choose, name="material-choose"),
    path("learning/activities/<slug:code>/materials/use/", material_use, name="material-use"),
    path("learning/activities/<slug:code>/materials/<int:pk>/remove/", material_unuse, name="material-unuse"),
]
