"""The forms and regimes that ship with the app, read from their files and set up for a province.

A file that changed makes a new version of its form; what people changed since is never overwritten, and a regime is
set up once: its days are the province's to change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import rules, states
from hieuhoc.reports.models import Form, FormVersion, ReportKind

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

SHIPPED = Path(__file__).resolve().parent.parent / "data"
_LOADED = "reports.formversion.load"


@dataclass(frozen=True)
class ShippedForm:
    """One file: a form with its layout, and the regimes that use it. `owner` and recipients are beginnings of names."""

    code: str
    name: str
    description: str
    owner: tuple[str, ...]
    layout: Mapping[str, Any]
    kinds: tuple[Mapping[str, Any], ...]


@dataclass
class LoadedForms:
    """What a loading did, by codes: forms made, given a new version, left as people have them; regimes set up."""

    made: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def shipped_forms(folder: Path = SHIPPED) -> tuple[ShippedForm, ...]:
    """The forms that ship, in the order of their files' names."""
    return tuple(_shipped(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml")))


def _shipped(told: Mapping[str, Any]) -> ShippedForm:
    form = told["form"]
    return ShippedForm(
        code=form["code"],
        name=form["name"],
        description=form["description"],
        owner=tuple(form["owner"]),
        layout=form["layout"],
        kinds=tuple(told["kinds"]),
    )


@transaction.atomic
def load_forms(*, province: Unit, by: trail.Actor = trail.HOUSE, folder: Path = SHIPPED) -> LoadedForms:
    """Set the shipped forms and regimes up for a province; asked again, it adds only what is missing or has changed.

    Raises: Invalid when an indicator of a form is not in force: the indicators are loaded first.
    """
    today = clock.today()
    known, breakdowns = indicators.meanings_on(today), indicators.breakdowns()
    named = _Named(province)
    done = LoadedForms()
    for shipped in shipped_forms(folder):
        rules.layout_from(shipped.layout, known=known, breakdowns=breakdowns)
        form = _load_form(shipped, named, by, done)
        for kind in shipped.kinds:
            _load_kind(kind, form, province, named, by, done)
    return done


class _Named:
    """The agencies right beneath a province on this day, found by how their names begin."""

    def __init__(self, province: Unit) -> None:
        self._province = province
        beneath = places.units_on(clock.today(), level="agency", under=province).filter(parent=province)
        self._agencies = [(fold(row.name), row.unit) for row in beneath]

    def find(self, names: Sequence[str]) -> Unit:
        """The first agency whose name begins with one of these, in their order; else the province itself."""
        for name in names:
            for folded, unit in self._agencies:
                if folded.startswith(fold(name)):
                    return unit
        return self._province


def _load_form(shipped: ShippedForm, named: _Named, by: trail.Actor, done: LoadedForms) -> Form:
    form = Form.objects.select_for_update().filter(code=shipped.code).first()
    if form is None:
        form = Form.objects.create(
            code=shipped.code, name=shipped.name, description=shipped.description, owner=named.find(shipped.owner)
        )
        trail.record(by=by, deed="reports.form.draft", what=form)
        _put(form, 1, shipped, by)
        done.made.append(form.code)
        return form
    versions = list(form.versions.order_by("-number"))
    current = next((one for one in versions if one.state == "in_force"), None)
    if current is not None and current.layout == shipped.layout:
        return form
    if current is None or not all(_is_shipped(one) for one in versions):
        done.left.append(form.code)
        return form
    trail.move(by=by, row=current, machine=states.FORM, deed="retire")
    _put(form, versions[0].number + 1, shipped, by)
    done.followed.append(form.code)
    return form


def _is_shipped(version: FormVersion) -> bool:
    """Whether a version came from a file."""
    return trail.history(version).filter(deed=_LOADED).exists()


def _put(form: Form, number: int, shipped: ShippedForm, by: trail.Actor) -> None:
    version = FormVersion.objects.create(
        form=form, number=number, layout=dict(shipped.layout), state="in_force", put_in_force_at=clock.now()
    )
    trail.record(by=by, deed=_LOADED, what=version)


def _load_kind(
    told: Mapping[str, Any], form: Form, province: Unit, named: _Named, by: trail.Actor, done: LoadedForms
) -> None:
    if ReportKind.objects.filter(code=told["code"]).exists():
        return
    columns = dict(told) | {"form": form, "root": province, "recipient": named.find(told["recipient"])}
    rules.check_sending(columns["sending"], columns["levels"])
    kind = ReportKind.objects.create(**columns)
    trail.record(by=by, deed="reports.reportkind.define", what=kind)
    done.kinds.append(kind.code)
