"""Tests of the second phone; `python3 -m tests` runs all of them."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
SERVER = REPOSITORY / "target" / "release" / "dangjian-server"
DOCS = REPOSITORY / "docs"


def vectors(name):
    """A file of vectors."""
    return json.loads((REPOSITORY / "tests" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))
