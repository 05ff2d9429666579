"""What is shown to others as it was typed has nothing in it that is not seen."""

from __future__ import annotations

import pytest
from flask_wtf import FlaskForm

from accounts.forms import tidy_name
from records.pages.agency_copy import CopyForm
from records.pages.home import ChildForm
from records.pages.links import LinkForm
from records.pages.packs import GuestForm
from records.pages.plan_given import CirculateForm
from records.pages.put_in import PutInForm
from records.pages.share_form import ShareForm
from records.pages.young import DecidesForm, NoForm

SHOWN = [
    (GuestForm, ("name", "purpose")),
    (LinkForm, ("name", "label")),
    (CopyForm, ("agency",)),
    (CirculateForm, ("name",)),
    (ChildForm, ("called",)),
    (PutInForm, ("name", "place")),
    (ShareForm, ("name", "role", "purpose", "supporter")),
    (NoForm, ("words", "person")),
    (DecidesForm, ("who", "what", "paper")),
]


@pytest.mark.parametrize(("form", "names"), SHOWN)
def test_every_field_that_is_shown_is_tidied(form: type[FlaskForm], names: tuple[str, ...]):
    for name in names:
        (tidy,) = getattr(form, name).kwargs["filters"]
        assert tidy("Mr\u202e Patel\x07") == "Mr Patel", name
        assert not tidy("\u200b\u200d\u2060"), name


@pytest.mark.parametrize("nothing", ["\u200b", "\u200b \u2060", "\u0301", "\u3164", "\u2800", "\t\n"])
def test_a_name_that_nobody_sees_is_none(nothing):
    assert tidy_name(nothing) == ""


@pytest.mark.parametrize("name", ["Nóra", "נורה", "นรา", "李", "Zoe\u0308"])
def test_a_name_in_any_script_stays(name):
    assert tidy_name(name) == name
