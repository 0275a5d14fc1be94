"""Tests of the documents: links, commands, and the output of examples."""

from __future__ import annotations

import contextlib
import doctest
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click
import pytest

from reportgen import __version__
from reportgen.api import build_folder, check_folder
from reportgen.cli import program, run
from reportgen.diagnostics import Diagnostic
from reportgen.located import load_data
from reportgen.model import ORIGINAL_PICTURES
from reportgen.readers.settings import (
    AUTOMATIC,
    KEYS,
    MISSING_IS_ERROR,
    MISSING_IS_ZERO,
    REDUCED_PICTURES,
)
from reportgen.workflows import manual_page
from tests.petitions import write_petitions

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("*/README.md"))]
CHAPTERS = sorted((ROOT / "docs" / "manual").glob("*.md"))
DOCUMENTS += [*sorted((ROOT / "docs").glob("*.md")), *CHAPTERS]
COMMANDED = [*READMES, *sorted((ROOT / "docs").glob("*.md")), *CHAPTERS]
REFERENCE = ROOT / "docs" / "report-folder.md"

CHOICES = {
    "缺省": {MISSING_IS_ERROR, MISSING_IS_ZERO},
    "图片": {REDUCED_PICTURES, ORIGINAL_PICTURES},
}
"""The keys of ``report.yaml`` that take one of a few words, with these words."""

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_CODE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?<![\w/.-])reportgen +([a-z][\w-]*)([^`\n；，。]*)")
_VALUED = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)[ =]+((?![A-Z]+\b)[\w.,/\\:]+)")
"""An option and its value, unless that is a word in capitals, which stands for a value."""
_MODULE = re.compile(r"`([\w*./-]+\.py)`")
_INSTALL = re.compile(r"pip (?:install|download|wheel) +([^`\n；，。（]+)")
_VERSIONS = re.compile(r"[<>=~!].*")
_WITH_VALUE = {"-d", "--find-links", "--platform", "--python-version"}
DISTRIBUTION = "zwgk-reportgen"
_ELLIPSIS = "…"
_PYTHON = ">>> "


def name_of(path: object) -> str:
    """Return *path* below the repository, as a test's id."""
    return str(path.relative_to(ROOT)) if isinstance(path, Path) else ""


def prose(path: Path) -> str:
    """Return the text of *path* without code, in which brackets are no links."""
    return re.sub(r"`[^`\n]*`", "", _CODE.sub("", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    targets = [link.partition("#")[0] for link in _LINK.findall(prose(path)) if ":" not in link]
    missing = [target for target in targets if target and not (path.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_module_named_exists(path: Path) -> None:
    """Paths are relative to the repository, the package or the document; not in the changelog."""
    named = _MODULE.findall(path.read_text(encoding="utf-8")) if path.stem != "CHANGELOG" else []
    roots = (ROOT, ROOT / "src" / "reportgen", path.parent)
    assert [name for name in named if not any(any(root.glob(name)) for root in roots)] == []


def install_lines() -> Iterator[tuple[Path, list[str]]]:
    """Yield what the pip commands that users see ask for, each with the file that shows it."""
    for path in (*DOCUMENTS, *(ROOT / "src").rglob("*.py"), *TEMPLATES.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        yield from ((path, wanted(line)) for line in _INSTALL.findall(text))


def wanted(line: str) -> list[str]:
    """Return what pip is asked for in *line*, without its options and their values."""
    words = iter(word.strip("\"')") for word in line.partition(" 后再试")[0].split())
    asked = []
    for word in words:
        if word in _WITH_VALUE:
            next(words)
        elif not word.startswith("-"):
            asked.append(word)
    return asked


def extras() -> dict[str, set[str]]:
    """Return the packages of each extra that pyproject.toml offers."""
    found: dict[str, set[str]] = {}
    for line in metadata.requires(DISTRIBUTION) or ():
        package, _, extra = line.partition("; extra == ")
        if extra:
            found.setdefault(extra.strip("\"'"), set()).add(_VERSIONS.sub("", package).strip())
    return found


def test_every_line_that_installs_asks_for_this_program_or_all_of_an_extra() -> None:
    """The public index has a stranger's program called reportgen: nobody may be told of it."""
    own = {".", DISTRIBUTION, f"{DISTRIBUTION.replace('-', '_')}-{__version__}-py3-none-any.whl"}
    own |= {f".[{extra}]" for extra in extras()}
    lines = list(install_lines())
    assert len(lines) > 15
    for path, asked in lines:
        if path.parent.name == "fonts":  # for who builds the fonts anew
            asked = [word for word in asked if "==" not in word]
        strange = {_VERSIONS.sub("", word) for word in asked} - own
        assert strange in (set(), *extras().values()), f"{path}: {asked}"
    assert wanted('"reportgen[png]" 后再试') == ["reportgen[png]"]


def test_the_readme_tells_of_every_extra() -> None:
    text = READMES[0].read_text(encoding="utf-8")
    assert [extra for extra in extras() if f'".[{extra}]"' not in text] == []


def commands_shown(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the commands *path* names, in code blocks and between backticks, with what follows."""
    text = path.read_text(encoding="utf-8")
    found_blocks = (found[3] for found in _CODE.finditer(text))
    blocks = [block for block in found_blocks if not block.startswith(("$ ", _PYTHON))]
    lines = [
        line
        for found in _CODE.finditer(text)
        for line in found[3].splitlines()
        if line.startswith("$ ")
    ]
    code = [*blocks, *lines, *re.findall(r"`([^`\n]+)`", _CODE.sub("", text))]
    for piece in code:
        yield from _COMMAND.findall(piece)


@pytest.mark.parametrize("path", COMMANDED, ids=name_of)
def test_every_command_and_option_shown_exists(path: Path) -> None:
    wrong = []
    for name, rest in commands_shown(path):
        command = program.commands.get(name)
        if command is None:
            wrong.append(name)
            continue
        known = {"-h", "--help", *(option for item in command.params for option in item.opts)}
        typed = re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)
        wrong += [f"{name} {option}" for option in typed if option not in known]
    assert wrong == []


def values_shown(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the command, the option and the value where *path* shows an option with a value.

    The command is empty where there is none; such options may be another program's.
    """
    for name, rest in commands_shown(path):
        yield from ((name, option, value) for option, value in _VALUED.findall(rest))
    for piece in re.findall(r"`(--[^`\n]+)`", path.read_text(encoding="utf-8")):
        yield from (("", option, value) for option, value in _VALUED.findall(piece))


def takes(command: str, option: str, value: str) -> bool:
    """Return whether *option* of *command*, or of one of them all, takes *value*."""
    commands = [program.commands[command]] if command else list(program.commands.values())
    own = [item for one in commands for item in one.params if option in item.opts]
    for item in own:
        if isinstance(item, click.Option) and (item.is_flag or item.metavar == value):
            return True  # a word after a flag is no value
        with contextlib.suppress(click.BadParameter):
            item.type.convert(value, item, None)
            return True
    return not own and not command


@pytest.mark.parametrize("path", COMMANDED, ids=name_of)
def test_every_option_shown_takes_the_value_shown(path: Path) -> None:
    assert [shown for shown in values_shown(path) if not takes(*shown)] == []
    assert not takes("check", "--format", "xlsx")
    assert takes("extract", "--to", "xlsx")


def test_the_readme_names_every_command() -> None:
    shown = {name for name, _ in commands_shown(READMES[0])}
    assert set(program.commands) - shown == set()


def test_the_manual_describes_every_command_and_option() -> None:
    """Help pages are in the last chapter; every command is found by a topic, too."""
    last = CHAPTERS[-1].read_text(encoding="utf-8")
    for name, command in program.commands.items():
        page = last.partition(f"$ reportgen {name} --help\n")[2].partition("```")[0]
        options = [option for item in command.params for option in item.opts if option[0] == "-"]
        assert [option for option in options if option not in page] == []
        assert manual_page(name).name != "index.html"


def keys_shown(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the keys of ``report.yaml`` that *path* shows, each with what follows it."""
    text = path.read_text(encoding="utf-8")
    lines = [
        line
        for found in _CODE.finditer(text)
        if found[2] == "yaml"
        for line in found[3].splitlines()
    ]
    spans = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", _CODE.sub("", text))
    for line in [*lines, *spans]:
        if found := re.fullmatch(r"([一-鿿]+): +([^#]*?) *(?:#.*)?|([一-鿿]+):", line):
            yield found[1] or found[3], found[2] or ""


@pytest.mark.parametrize("path", [*READMES, *CHAPTERS, REFERENCE], ids=name_of)
def test_every_key_shown_exists(path: Path) -> None:
    tables = {load_data(table)["key"] for table in TEMPLATES.rglob("tables/*.yaml")}
    rows = set(row_keys())
    shown = dict(keys_shown(path))
    assert set(shown) - {*KEYS, *tables, *rows} == set()
    choices = {**CHOICES, "版式": {AUTOMATIC, *editions()}}
    assert {key for key in choices.keys() & shown.keys() if shown[key] not in choices[key]} == set()


def test_the_reference_names_every_key_and_what_it_takes() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    described: dict[str, str] = {}
    for row in re.findall(r"^\| (`.*) \|$", text, re.MULTILINE):
        cells = row.split(" | ")
        described.update((key, cells[1]) for key in re.findall(r"`([^`]+)`", cells[0]))
    assert [key for key in KEYS if key not in described] == []
    for key, words in {**CHOICES, "版式": {AUTOMATIC, *editions()}}.items():
        assert set(re.findall(r"`([^`]+)`", described[key])) == words


def editions() -> set[str]:
    """Return the names of the shipped forms."""
    return {path.parent.name for path in TEMPLATES.rglob("form.yaml")}


def consoles(path: Path) -> list[str]:
    """Return the blocks of *path* that show a command after ``$`` and what it prints."""
    found = (match[3] for match in _CODE.finditer(path.read_text(encoding="utf-8")))
    return [block for block in found if block.startswith("$ ")]


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_commands_print_what_the_readme_shows(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(
        ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("output", "qinghe*")
    )
    monkeypatch.chdir(tmp_path)
    for block in consoles(path):
        command, *expected = block.splitlines()
        run(shlex.split(command.removeprefix("$ reportgen ")))
        printed = capsys.readouterr()
        position = 0
        for pattern in shown_parts(expected):
            match = pattern.search(printed.out.replace("\\", "/"), position)
            assert match, f"{command} does not print:\n{pattern.pattern}"
            position = match.end()


@pytest.mark.parametrize("path", [READMES[0], ROOT / "docs" / "api.md"], ids=name_of)
def test_examples_of_the_library_print_what_is_shown(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.ignore_patterns("output", "qinghe*", "fuyang*", "screenshots")
    shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=copied)
    monkeypatch.chdir(tmp_path)
    blocks = [found[3] for found in _CODE.finditer(path.read_text(encoding="utf-8"))]
    examples = "\n".join(block for block in blocks if block.startswith(_PYTHON))
    test = doctest.DocTestParser().get_doctest(examples, {}, path.name, str(path), 0)
    said: list[str] = []
    result = doctest.DocTestRunner().run(test, out=said.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(said)


def shown_parts(lines: list[str]) -> Iterator[re.Pattern[str]]:
    """Yield what must be printed in this order: the lines between two that are only an ellipsis.

    Within a line an ellipsis stands for anything.
    """
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == _ELLIPSIS:
            parts.append([])
        else:
            parts[-1].append(".*".join(map(re.escape, line.rstrip().split(_ELLIPSIS))))
    for part in filter(None, parts):
        yield re.compile("^" + r" *\n".join(part) + " *$", re.MULTILINE)


def identifiers() -> Iterator[str]:
    """Yield every name in the templates that stands for a report, form, section or table."""
    for path in sorted(TEMPLATES.rglob("form.yaml")):
        yield from (path.parent.name, path.parent.parent.name)
        yield from (section["id"] for section in load_data(path)["sections"])
    yield from (path.stem for path in sorted(TEMPLATES.rglob("tables/*.yaml")))


def row_keys() -> Iterator[str]:
    """Yield every key an author types for a row of a table."""
    for path in sorted(TEMPLATES.rglob("tables/*.yaml")):
        data = load_data(path)
        yield data["key"]
        for entry in (entry for row in data["rows"] for entry in row):
            if isinstance(entry, dict) and "values" in entry:
                yield from entry["values"].split("/")


def test_the_glossary_has_every_identifier_and_row() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([^`]+)`", glossary))
    assert sorted(set(identifiers()) - listed) == []
    assert sorted(key for key in set(row_keys()) if key not in glossary) == []


def test_the_example_of_a_new_report_builds(tmp_path: Path) -> None:
    write_petitions(tmp_path)
    formats = ("docx", "pdf", "ofd", "html", "json")
    built = build_folder(tmp_path, formats=formats, own_templates="trust", strict=True)
    assert [item.code for item in built.diagnostics] == ["M101", "M105"]
    assert [item.path.stem for item in built.written] == [
        "云溪市市场监督管理局2025年信访事项办理工作年度报告"
    ] * 5
    assert '"收到": 17' in built.written[-1].path.read_text(encoding="utf-8")


def test_the_example_of_a_new_report_is_checked_as_shown(tmp_path: Path) -> None:
    write_petitions(tmp_path)
    data = tmp_path / "report.yaml"
    typed = data.read_text(encoding="utf-8")
    data.write_text(typed.replace("按期办结: 11", "按期办结: 13"), encoding="utf-8")
    text = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    found = [item for item in _found(tmp_path) if item.code not in ("M101", "M105")]
    shown = [f"{item.severity.label}[{item.code}] {item.message}" for item in found]
    assert len(shown) == 1
    assert shown[0] in text


def _found(folder: Path) -> tuple[Diagnostic, ...]:
    return check_folder(folder).diagnostics
