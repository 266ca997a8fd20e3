"""The annotated documents are sound: whatever an annotation quotes stands in its document."""

import hashlib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from hieuhoc.engines.reader.loading import load

DOCUMENTS = Path(__file__).parents[3] / "fixtures/documents"
GOLD = sorted(DOCUMENTS.glob("*.gold.yaml"))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("**", "").split())


def _gold(path: Path) -> tuple[dict[str, Any], bytes]:
    gold = yaml.safe_load(path.read_text(encoding="utf-8"))
    return gold, (DOCUMENTS / gold["file"]).read_bytes()


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name.partition(".")[0])
def test_the_document_is_the_one_that_was_annotated(path: Path) -> None:
    gold, content = _gold(path)
    assert hashlib.sha256(content).hexdigest() == gold["sha256"]


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name.partition(".")[0])
def test_every_task_and_agency_of_an_annotation_stands_in_the_loaded_document(path: Path) -> None:
    gold, content = _gold(path)
    text = _plain(" ".join(load(content, gold["file"]).lines))
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    joined = {place for entry in gold.get("page_break_joins", ()) for place in entry["lines"]}
    for task in gold["tasks"]:
        if not joined.intersection(range(task.get("lines", [0, 0])[0], task.get("lines", [0, 0])[1] + 1)):
            assert "".join(letter for letter in task["text"].lower() if letter.isalnum()) in letters, task["id"]
        for agency in (*task["lead"], *task["coordinate"]):
            assert "".join(letter for letter in _plain(agency).lower() if letter.isalnum()) in letters, task["id"]


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name.partition(".")[0])
def test_every_recipient_and_the_signer_stand_in_the_loaded_document(path: Path) -> None:
    gold, content = _gold(path)
    text = _plain(" ".join(load(content, gold["file"]).lines))
    for recipient in gold["recipients"]:
        assert _plain(recipient["text"]) in text
    assert _plain(gold["signer"]["name"]) in text
