"""Templates: each compiles, each text in them can be translated, and each macro is used and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
COMPONENTS = [name for name in NAMES if name.startswith("components/") and name != "components/index.html"]
# Attributes that a person reads or hears.
READ = (
    "alt",
    "aria-label",
    "content",
    "label",
    "placeholder",
    "title",
    "data-copied",
    "data-sorry",
    "data-start",
    "data-stop",
    "data-wait",
)
# What looks like a text to read and is none.
NO_TEXT = {"width=device-width, initial-scale=1", "#0b4f52", "RadioField"}
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# What stands where a template fills something in.
FILLED = "\0"


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def _tree(app, name: str) -> nodes.Template:
    return app.jinja_env.parse(_source(name))


def _bare(environment: Environment, source: str) -> str:
    """A template's own text, with a mark where anything is filled in."""
    tokens = environment.lex(source)
    return "".join(value if kind == "data" else FILLED for _line, kind, value in tokens)


def _untranslated(environment: Environment, source: str) -> list[str]:
    """Pieces of text that people would read and no translator would see."""
    bare = _bare(environment, source)
    found = []
    for tag in re.findall(r"<[^>]*>", bare):
        found += [m[2] for m in re.finditer(r"\b([a-z-]+)=\"([^\"]*)\"", tag) if m[1] in READ]
    found += re.split(r"<[^>]*>", re.sub(r"<!--.*?-->", "", bare, flags=re.S))
    # A macro may stand for attributes alone.
    found = [re.sub(r"\b[a-z-]+=\"[^\"]*\"", "", text) for text in found]
    found = [re.sub(r"&#?\w+;", "", text).replace(FILLED, "").strip() for text in found]
    return [text for text in found if re.search(r"[^\W\d_]", text) and text not in NO_TEXT]


def _unspoken(environment: Environment, source: str) -> list[str]:
    """Texts inside expressions, like call(label="Ring them"), that begin like a sentence and pass no gettext."""
    tree = environment.parse(source)
    spoken = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for const in call.find_all(nodes.Const)
    }
    texts = [const.value for const in tree.find_all(nodes.Const) if isinstance(const.value, str) and id(const) not in spoken]
    return [text for text in texts if re.match(r"\s*[A-Z][a-z]", text) and text not in NO_TEXT]


def _macros(tree: nodes.Template) -> list[str]:
    return [macro.name for macro in tree.find_all(nodes.Macro)]


def _imported(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    """What a template imports: the name there and the name here."""
    for node in tree.find_all(nodes.FromImport):
        for name in node.names:
            yield (name, name) if isinstance(name, str) else name
    for node in tree.find_all(nodes.Import):
        yield node.target, node.target


def _used(tree: nodes.Template) -> set[str]:
    return {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}


def _called(tree: nodes.Template) -> set[str]:
    """The macros a template calls, under the names they were defined by."""
    first_names = {here: there for there, here in _imported(tree)}
    names = {first_names.get(name, name) for name in _used(tree)}
    return names | {attribute.attr for attribute in tree.find_all(nodes.Getattr)}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(app, name):
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_goes_through_gettext(app, name):
    lost = _untranslated(app.jinja_env, _source(name))
    assert not lost, f"templates/{name}: wrap these in _(): {lost}"


@pytest.mark.parametrize("name", NAMES)
def test_every_text_inside_an_expression_goes_through_gettext(app, name):
    lost = _unspoken(app.jinja_env, _source(name))
    assert not lost, f"templates/{name}: wrap these in _(): {lost}"


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a href="{{ url }}">Ring {{ name }}</a>', ["Ring"]),
        ('<img alt="A map" src="x.png">', ["A map"]),
        ('<p class="lead">{{ _("Hello") }} &amp; · 999</p>', []),
        ('<p title="{{ _("Hello") }}"{% if x %} class="{{ y }}"{% endif %}></p>', []),
        ("<p>Môr</p>", ["Môr"]),
        ("{# A remark. #}<b>{{ 1 }}</b>", []),
    ],
)
def test_a_text_that_nobody_could_translate_is_seen(app, source, lost):
    assert _untranslated(app.jinja_env, source) == lost


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ('{{ call(phone, label="Ring them") }}', ["Ring them"]),
        ('{{ call(phone, label=_("Ring them")) }}', []),
        ('{{ x or "Everything" }}', ["Everything"]),
        ('{{ icon("phone") }}', []),
        ('{{ ngettext("One", "Many", 2) }}', []),
    ],
)
def test_a_text_in_an_expression_that_nobody_could_translate_is_seen(app, source, lost):
    assert _unspoken(app.jinja_env, source) == lost


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_is_on_the_components_page(app, name):
    shown = _called(_tree(app, "components/index.html"))
    hidden = [macro for macro in _macros(_tree(app, name)) if not macro.startswith("_") and macro not in shown]
    assert not hidden, f"templates/components/index.html does not show {hidden} of {name}."


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_is_used_by_a_page(app, name):
    # A macro may be used by another of its own file; its own definition loads no name.
    used = set().union(*(_called(_tree(app, other)) for other in NAMES if other != "components/index.html"))
    idle = [macro for macro in _macros(_tree(app, name)) if macro not in used]
    assert not idle, f"No page uses {idle} of {name}: take it out."


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_imported_for_nothing(app, name):
    tree = _tree(app, name)
    idle = {here for _there, here in _imported(tree)} - _used(tree)
    assert not idle, f"templates/{name} imports {idle} and does not use it."


def test_every_template_is_used():
    code = "".join(
        path.read_text("utf-8") for top in ("accounts", "directory", "plumbing", "records") for path in (ROOT / top).rglob("*.py")
    )
    everything = code + "".join(_source(name) for name in NAMES)
    assert not [name for name in NAMES if f'"{name}"' not in everything]


def test_nothing_is_called_safe_but_our_own_drawings(app):
    found = [(name, f.name) for name in NAMES for f in _tree(app, name).find_all(nodes.Filter) if f.name == "safe"]
    assert found == [("components/icon.html", "safe")], "What somebody typed would be read as HTML."


def test_no_template_turns_escaping_off(app):
    for name in NAMES:
        tree = _tree(app, name)
        assert not list(tree.find_all((nodes.ScopedEvalContextModifier, nodes.MarkSafe, nodes.MarkSafeIfAutoescape))), name
        assert app.jinja_env.autoescape
        assert name.endswith((".html", ".xml")), f"Flask escapes nothing in {name}: only in .html and .xml."
