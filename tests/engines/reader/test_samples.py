"""Further real documents, read by the same code and held to the aims for documents not seen before."""

from pathlib import Path

import pytest
import yaml
from tests.engines.reader import scoring

from hieuhoc.engines.reader import read
from hieuhoc.engines.reader.loading import load

_DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"


@pytest.mark.parametrize(
    "name",
    ["07-tuyenquang-namhoc-2024.txt", "09-ttg-ncc-2018.txt", "10-bcd1237-2013.txt"],
)
def test_tasks_and_leads_of_other_real_documents(name: str) -> None:
    path = _DOCUMENTS / name
    gold = yaml.safe_load(path.with_suffix(".gold.yaml").read_text(encoding="utf-8"))
    reading = read(load(path.read_bytes(), name))
    assert scoring.tasks(gold, reading).f1 >= 0.90
    assert scoring.agencies(gold, reading, "lead").f1 >= 0.85
    assert scoring.sections(gold, reading).f1 >= 0.90
    assert reading.signer.name == gold["signer"]["name"]
