"""Every example in a docstring is true."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATHS = [path for top in ("plumbing", "directory", "records") for path in sorted((ROOT / top).rglob("*.py"))]
NAMES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in PATHS
    if ">>> " in path.read_text("utf-8")
]


def test_there_are_examples():
    assert len(NAMES) > 10


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_true(app, name):
    module = importlib.import_module(name)
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    with app.test_request_context():
        for examples in doctest.DocTestFinder().find(module, name):
            runner.run(examples, out=said.append)
    assert not runner.failures, f"{name}: {''.join(said)}"
    written = len(re.findall(r"^\s*>>> ", Path(str(module.__file__)).read_text("utf-8"), re.M))
    assert runner.tries == written, f"{name} has {written} examples, of which {runner.tries} are run."
