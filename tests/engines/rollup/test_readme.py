"""The worked example of the README is what happens."""

import doctest
from pathlib import Path


def test_the_worked_example_is_what_happens(repository: Path) -> None:
    readme = repository / "src" / "hieuhoc" / "engines" / "rollup" / "README.md"
    result = doctest.testfile(str(readme), module_relative=False, encoding="utf-8")
    assert result.attempted > 10
    assert result.failed == 0
