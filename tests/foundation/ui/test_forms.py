"""Days as they are written here, searching in a list, files; and fields wired to their words."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from hieuhoc.foundation.ui.forms import DateField, FileInput, SearchSelect, SearchText


@pytest.mark.parametrize("written", ["5/9/2026", "05/09/2026", "05-09-2026", "5.9.2026", "2026-09-05", " 5/9/2026 "])
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert DateField().clean(written) == date(2026, 9, 5)


@pytest.mark.parametrize("written", ["31/2/2026", "9/2026", "mai", "5/9/26"])
def test_a_day_that_is_not_one_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValidationError, match="05/09/2026"):
        DateField().clean(written)


class Answers(forms.Form):
    name = forms.CharField(label="Tên", help_text="Không viết tắt.")
    due = DateField(label="Hạn", required=False, initial=date(2026, 9, 5))
    unit = forms.ChoiceField(label="Xã", choices=[("a", "Xã A"), ("b", 'Xã "B" <i>')], widget=SearchSelect)
    agency = forms.CharField(
        label="Cơ quan", widget=SearchText("/tim/", labels={"so-gd": "Sở Giáo dục"}), required=False
    )
    paper = forms.FileField(label="Tệp", widget=FileInput(kinds=(".pdf", ".docx"), limit=10), required=False)


def shown(form: forms.Form, name: str) -> str:
    return Template("{% field form_field %}").render(Context({"form_field": form[name]}))


def test_a_stored_day_is_shown_as_it_is_written_here() -> None:
    assert 'value="05/09/2026"' in shown(Answers(), "due")


def test_a_wrong_day_is_shown_as_it_was_typed() -> None:
    assert 'value="32/13/2026"' in shown(Answers({"due": "32/13/2026"}), "due")


def test_help_and_error_are_tied_to_their_control() -> None:
    page = shown(Answers({}), "name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'for="id_name"' in page


def test_the_first_wrong_field_gets_the_cursor_and_no_other() -> None:
    form = Answers({"due": "x"})
    assert "autofocus" in shown(form, "name")
    assert "autofocus" not in shown(form, "due")
    assert "autofocus" not in shown(Answers(), "name")


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(không bắt buộc)" in shown(Answers(), "due")
    assert "(không bắt buộc)" not in shown(Answers(), "name")


def test_a_list_to_search_in_is_a_plain_list_without_script() -> None:
    page = shown(Answers(), "unit")
    assert "<select" in page
    assert "data-search-select" in page
    assert "Xã &quot;B&quot; &lt;i&gt;" in page


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"agency": "Sở Giáo dục", "agency_key": "so-gd"}, "so-gd"),
        ({"agency": " Sở Tài chính ", "agency_key": ""}, "Sở Tài chính"),
        ({"agency": "Sở Tài chính"}, "Sở Tài chính"),
        ({}, ""),
    ],
)
def test_a_suggestion_gives_its_key_and_free_text_gives_itself(sent: dict[str, str], got: str) -> None:
    form = Answers({"name": "x", "unit": "a", **sent})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["agency"] == got


def test_a_chosen_key_is_shown_again_in_words() -> None:
    page = shown(Answers({"agency": "Sở Giáo dục", "agency_key": "so-gd"}), "agency")
    assert 'value="Sở Giáo dục"' in page
    assert 'name="agency_key" value="so-gd"' in page


def test_what_is_typed_cannot_leave_its_attribute() -> None:
    page = shown(Answers({"agency": '"><script>'}), "agency")
    assert "<script>" not in page


def test_a_file_says_what_is_accepted() -> None:
    page = shown(Answers(), "paper")
    assert 'accept=".pdf,.docx"' in page
    assert "tối đa 10 MB" in page
