"""The README, CONTRIBUTING and the corpus's own guide: every folder, command, setting, verb, link and picture they name is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from assistant.quoting import alike
from corpus.settings import PREFIX, Settings
from ui.command import parser
from ui.commands import COMMANDS

HOUSE = Path(__file__).resolve().parent.parent
README = (HOUSE / "README.md").read_text("utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "corpus/README.md", "eval/RESULTS.md")
#: How the README says a default that is no plain value.
SAID = {"model": "le modèle fourni", "reranker": "le modèle fourni", "cache": "cache de l’utilisateur", "aujourdhui": "la date du jour"}


def read(name: str) -> str:
    return (HOUSE / name).read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the one table under a heading of the README, cells trimmed."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def shell_lines(text: str) -> list[str]:
    """The lines of the shell blocks that are not blank."""
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines() if line.strip()]


def code_of(text: str) -> list[str]:
    """Every piece of code of a page: shell lines, indented lines, words between backquotes."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [*shell_lines(text), *re.findall(r"^ {4}(\S.*)$", plain, re.MULTILINE), *re.findall(r"`([^`\n]+)`", plain)]


BAO_LINES = [line for line in shell_lines(README) if re.match(r"\S*\bbao\b", line)]


def test_the_folders_are_those_that_there_are() -> None:
    packages = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]["packages"]
    named = [row[0].strip("`/") for row in table("Les six dossiers")]
    assert len(named) == 6
    assert sorted(named) == sorted([*packages, "tests"])
    assert [name for name in named if not (HOUSE / name).is_dir()] == []


@pytest.mark.parametrize("line", BAO_LINES)
def test_every_command_of_the_readme_can_be_typed(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line, comments=True)[1:]
    if "--help" in words:
        with pytest.raises(SystemExit) as leaving:
            parser().parse_args(words)
        assert leaving.value.code == 0
        assert all(name in capsys.readouterr().out for name in COMMANDS if name in words)
    else:
        assert parser().parse_args(words).command == words[0]


def test_the_readme_shows_commands() -> None:
    assert len(BAO_LINES) >= 5


@pytest.mark.parametrize("page", PAGES)
def test_every_command_a_page_names_exists(page: str) -> None:
    named = [found for code in code_of(read(page)) for found in re.findall(r"(?:^|[/\s])bao (?:--data \S+ )?([a-z]+)", code)]
    assert named
    assert [name for name in named if name not in COMMANDS] == []


def test_every_setting_has_its_row_with_its_default_and_its_meaning() -> None:
    wanted = [
        [f"`{PREFIX}{name.upper()}`", SAID.get(name) or f"`{field.default}`", str(field.description).replace("|", "\\|")]
        for name, field in Settings.model_fields.items()
    ]
    assert table("Réglages") == wanted


@pytest.mark.parametrize("page", PAGES)
def test_every_make_verb_a_page_names_exists(page: str) -> None:
    verbs = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = [verb for code in code_of(read(page)) for verb in re.findall(r"(?:^|\s)make ([a-z]+)", code)]
    assert named or page != "README.md"
    assert [verb for verb in named if verb not in verbs] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_and_page_linked_to_is_there(page: str) -> None:
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", read(page)) if not link.startswith(("http", "#"))]
    assert [link for link in links if not (HOUSE / page).parent.joinpath(link).is_file()] == []


def test_the_readme_has_a_picture_of_the_screen_that_says_what_it_shows() -> None:
    (said, path), *more = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert more == []
    assert said
    assert (HOUSE / path).read_bytes().startswith(b"\x89PNG")


def test_every_module_a_page_tells_to_run_exists() -> None:
    named = [name for page in PAGES for name in re.findall(r"python -m ([a-z_.]+)", read(page))]
    assert named
    assert [name for name in named if not (HOUSE / (name.replace(".", "/") + ".py")).is_file()] == []


def test_the_answer_shown_quotes_its_sheet_word_for_word() -> None:
    shown = "\n".join(line.removeprefix("> ") for line in README.splitlines() if line.startswith(">"))
    (title,) = re.findall(r"^— \*(.+?)\*", shown, re.MULTILINE)
    texts = [path.read_text("utf-8") for path in (HOUSE / "corpus/fiches").rglob("*.md")]
    sheet = next(text for text in texts if re.search(rf'^titre: "?{re.escape(title)}"?$', text, re.MULTILINE))
    quotes = re.findall(r"^« (.+) » \[\d\]$", shown, re.MULTILINE)
    assert len(quotes) == 2
    assert [quote for quote in quotes if alike(quote) not in alike(sheet)] == []
