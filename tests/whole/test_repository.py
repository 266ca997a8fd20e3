"""What must hold for the repository as a whole: nothing of a machine in it, documents in step with the code."""

import ast
import re
import tomllib
from pathlib import Path

from tools import messages, traces

from tests.whole import source


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    assert traces.traces() == []


def test_every_setting_is_documented_and_every_documented_setting_is_read(repository: Path) -> None:
    read = set()
    for _, module in source.modules("project"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"text", "flag", "words", "day"}:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and str(first.value).isupper():
                    read.add(f"HIEUHOC_{first.value}")
            elif isinstance(node, ast.Constant) and re.fullmatch(r"HIEUHOC_[A-Z_]*[A-Z]", str(node.value)):
                read.add(str(node.value))
    page = (repository / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(HIEUHOC_[A-Z_]+)`", page, re.MULTILINE))
    assert read == documented


def test_every_make_target_says_what_it_does(repository: Path) -> None:
    text = (repository / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    described = set(re.findall(r"^([a-z-]+):.*## .", text, re.MULTILINE))
    assert set(phony.group(1).split()) == described


def test_the_two_readmes_are_kept_in_step(repository: Path) -> None:
    def shape(name: str) -> list[int]:
        text = (repository / name).read_text(encoding="utf-8")
        outside_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        return [len(marks) for marks in re.findall(r"^(#+) ", outside_code, re.MULTILINE)]

    assert shape("README.md") == shape("README.vi.md")


def test_links_between_documents_lead_somewhere(repository: Path) -> None:
    broken = []
    for page in [path for path in traces.committed() if path.suffix == ".md"]:
        targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        inside = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
        missing = [target for target in inside if not (page.parent / target).exists()]
        broken += [f"{page.relative_to(repository)} → {target}" for target in missing]
    assert not broken, "\n".join(broken)


def test_every_dependency_is_locked_with_its_digest(repository: Path) -> None:
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in asked}
    assert names <= locked
    assert len(re.findall(r"^[A-Za-z0-9_.-]+==", lock, re.MULTILINE)) <= lock.count("--hash=sha256:")


def test_every_text_on_the_screen_has_its_english() -> None:
    catalogue = messages.renewed()
    assert messages.faults(catalogue) == []
    assert messages.CATALOGUE.read_text(encoding="utf-8") == messages.written(catalogue)
