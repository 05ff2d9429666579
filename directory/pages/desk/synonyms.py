"""The synonym list: what officers added, tried before it is kept, and taken out again; and what our own file has."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from accounts.access import current_account
from directory import synonym
from directory.keeping import synonyms as keeping
from directory.pages.access import officers_only
from directory.pages.blueprint import blueprint, database, finder
from directory.store import synonyms as rows
from directory.synonym import MISSPELT, SAME, SHOWN, OwnSynonym

_MOST_FOUND = 60


class SynonymForm(FlaskForm):
    """What families type, and what they mean by it."""

    said = StringField(_l("What families type"))
    meant = StringField(_l("What it means, in words that listings have"))
    kind = RadioField(
        _l("Which way?"),
        choices=[
            SelectChoice(SAME, _l("They mean the same: whoever types one finds the other")),
            SelectChoice(SHOWN, _l("One way: whoever types the first is shown the second too")),
            SelectChoice(MISSPELT, _l("The first is the second, misspelt")),
        ],
        default=SAME,
    )

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """What was typed, tidied."""
        return synonym.names(self.said.data or ""), synonym.names(self.meant.data or ""), self.kind.data or ""

    def find_fault(self) -> bool:
        """Put what is wrong with it at its field; whether something is."""
        fault = synonym.problem(*self.names())
        words = {
            "said": _("Write the words that families type, with commas between them: letters only"),
            "meant": _("Write what they mean, with commas between: letters only"),
            "long": _("That is too long or too many. A misspelling has one meaning, and at most two words"),
            "same": _("To a search, both are the same word already"),
            "kind": _("Choose which way it goes"),
        }
        if fault:
            field = self.said if fault in {"said", "long"} else self.kind if fault == "kind" else self.meant
            field.errors = [words[fault]]
        return bool(fault)


@blueprint.get("/directory/synonyms")
@officers_only
def desk_synonyms() -> ResponseReturnValue:
    """Officers' own, those that were taken out, and our file's as far as they have a word in them."""
    every = rows.every(database())
    word = " ".join(request.args.get("word", "").split())[:60]
    of_file = [line for line in rows.of_the_file(database()) if word.casefold() in line] if word else []
    added = next((one for one in every if one.id == request.args.get("added")), None)
    return render_template(
        "directory/desk/synonyms.html",
        inside=[one for one in every if one.removed_at is None],
        out=[one for one in every if one.removed_at is not None],
        word=word,
        of_file=of_file[:_MOST_FOUND],
        added=added,
        now=[keeping.find(database(), finder(), name) for name in added.said] if added else [],
        taken_out=request.args.get("said") == "out",
        in_words=_in_words,
    )


@blueprint.get("/directory/synonyms/new")
@officers_only
def desk_new_synonym() -> ResponseReturnValue:
    """The form; a word that failed may be filled in."""
    form = SynonymForm(formdata=None, said=" ".join(request.args.get("said", "").split())[:60])
    return render_template("directory/desk/synonyms_new.html", form=form, trial=None)


@blueprint.post("/directory/synonyms/new")
@officers_only
def desk_add_synonym() -> ResponseReturnValue:
    """Try it on what families type; or keep it. What is to be kept was always shown first, with what it changes."""
    form = SynonymForm()
    form.validate_on_submit()
    if form.find_fault() or form.errors:
        return render_template("directory/desk/synonyms_new.html", form=form, trial=None), 400
    said, meant, kind = form.names()
    if request.form.get("do") == "keep":
        ids = keeping.add(database(), said, meant, kind, current_account().shown_name)
        return redirect(url_for("directory.desk_synonyms", added=ids[0] if ids else None))
    trial = keeping.try_out(database(), finder(), said, meant, kind)
    return render_template("directory/desk/synonyms_new.html", form=form, trial=trial)


@blueprint.post("/directory/synonyms/<id:synonym_id>/take-out")
@officers_only
def desk_take_out_synonym(synonym_id: str) -> ResponseReturnValue:
    """Take one out; it stays in the history."""
    if not keeping.take_out(database(), synonym_id, current_account().shown_name):
        abort(404)
    return redirect(url_for("directory.desk_synonyms", said="out"))


def _in_words(one: OwnSynonym) -> str:
    """A synonym as one reads it."""
    said, meant = ", ".join(one.said), ", ".join(one.meant)
    if one.kind == SHOWN:
        return _("%(said)s: show %(meant)s too", said=said, meant=meant)
    if one.kind == MISSPELT:
        return _("%(said)s is %(meant)s, misspelt", said=said, meant=meant)
    return _("%(said)s: the same", said=said)
