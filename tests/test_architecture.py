"""The house: arrows downwards, names of our own, each library behind its door, small files and small functions."""

from __future__ import annotations

import ast
import importlib.util
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("assistant", "corpus", "eval", "ingest", "ui")
MODULES = [path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py"))]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))
#: The longest file and the longest function, in lines.
FILE_LINES, FUNCTION_LINES = 300, 60
#: Each library and the only places that may import it.
DOORS = {
    "chromadb": ("corpus/index.py", "eval/tutorial.py"),
    "pypdf": ("ingest/", "eval/tutorial.py"),
    "gradio": ("ui/", "eval/tutorial.py"),
    "sqlite3": ("corpus/", "ui/doctor.py", "ui/command.py"),
    "typst": ("corpus/typesetting.py", "assistant/plan_pdf.py"),
    "sentence_transformers": ("corpus/embedding.py", "corpus/named_cross_encoder.py", "corpus/weights.py", "eval/"),
    "langchain_text_splitters": ("eval/tutorial.py",),
    "langchain_chroma": ("eval/tutorial.py",),
    "pickle": (),
}


def place(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module a file imports, and whether by a plain « import »."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, False


def test_the_arrows_point_downwards_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(HOUSE)
    assert lint_imports(config_filename=str(HOUSE / "pyproject.toml"), no_cache=True) == 0, capsys.readouterr().out


def test_the_project_lists_exactly_the_five_packages_that_there_are() -> None:
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == list(ROOMS)
    assert {path.parent.name for path in HOUSE.glob("*/__init__.py")} == set(ROOMS)
    assert [place(path) for path in MODULES if len(path.relative_to(HOUSE).parts) > 2] == []
    assert sorted(PROJECT["tool"]["importlinter"]["root_packages"]) == sorted(PROJECT["tool"]["mypy"]["packages"]) == list(ROOMS)


@pytest.mark.parametrize("name", ROOMS)
def test_the_name_of_a_room_is_ours_alone(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin == str(HOUSE / name / "__init__.py")
    others = [one.metadata["Name"] for one in metadata.distributions() if any(file.parts[0] == name for file in one.files or ())]
    assert set(others) <= {PROJECT["project"]["name"]}


def test_nothing_says_import_eval_which_would_hide_the_builtin() -> None:
    assert [place(path) for path in MODULES if ("eval", True) in imports(path)] == []


@pytest.mark.parametrize("library", DOORS)
def test_each_library_stays_behind_its_door(library: str) -> None:
    users = [place(path) for path in MODULES if any(name.split(".")[0] == library for name, _ in imports(path))]
    assert [user for user in users if not user.startswith(DOORS[library] or ("-",))] == []


def test_the_rival_is_imported_by_nothing_but_the_evaluation() -> None:
    users = [place(path) for path in MODULES if any(name == "eval.tutorial" for name, _ in imports(path))]
    assert [user for user in users if not user.startswith("eval/")] == []


def test_nothing_in_the_rooms_imports_the_tests() -> None:
    assert [place(path) for path in MODULES if any(name.split(".")[0] in ("tests", "conftest", "pytest", "hypothesis") for name, _ in imports(path))] == []


def test_every_file_is_short() -> None:
    long = {place(path): count for path in MODULES if (count := len(path.read_text("utf-8").splitlines())) > FILE_LINES}
    assert long == {}


def test_every_function_is_short() -> None:
    long = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES:
                long[f"{place(path)}:{node.name}"] = lines
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_every_package_is_pinned() -> None:
    pinned = {
        line.split("==")[0].split("[")[0].lower().replace("_", "-") for line in (HOUSE / "constraints.txt").read_text("utf-8").splitlines() if "==" in line
    }
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["test"]
    names = {requirement.split(">=")[0].split("==")[0].split("[")[0].strip().lower().replace("_", "-") for requirement in wanted}
    assert names - pinned == set()
