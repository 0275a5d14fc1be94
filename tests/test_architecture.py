"""Tests of the architecture, which analyse the source with ``ast``.

The tables below are the architecture: who may import whom, which module may import a third-party
library, what must not be called.  A failing test names the file, the line and the rule.  An
exception is made by changing a table here, with the reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "reportgen"
SOURCE = ROOT / "src" / PACKAGE
MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 50

# The import table.  The longest entry that begins a module's name applies to the module.  It may
# import what the entry lists (and everything below that), the standard library, and the
# third-party libraries that WALLS allows.
BASE = (
    "problems",
    "source",
    "text",
    "heading_numbers",
    "characters",
    "directions",
    "writing_systems",
    "styles",
    "diagnostics",
    "findings_text",
    "located",
    "files",
    "formats",
    "outputs",
    "launchers",
    "sandbox",
    "shapes",
    "spreadsheets",
    "charts",
)
PRESCRIBED = (*BASE, "pictures", "model", "forms")
READING = (*PRESCRIBED, "placeholders", "markdown")
TREE = (*BASE, "pictures", "document.nodes")
PAGES = (*TREE, "fonts", "layout")
STAGES = (
    *READING,
    "readers",
    "published",
    "checks",
    "document",
    "fonts",
    "layout",
    "writers",
)
ENGINES = ("compare", "units", "batch", "preview", "workflows")
PUBLIC = (
    "api",
    "compare",
    "finished",
    "diagnostics",
    "files",
    "forms",
    "model",
    "outputs",
    "problems",
    "workflows",
)
COMMANDS = (*STAGES, "finished", "api", *ENGINES, "cli")
ALLOWED_IMPORTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(BASE, BASE),
    "pictures": (*BASE, "pictures"),
    "model": (*BASE, "pictures", "model"),
    "forms": (*BASE, "model", "forms"),
    "placeholders": (*BASE, "model", "forms", "placeholders"),
    "markdown": (*BASE, "model", "forms", "placeholders", "markdown"),
    "readers": (*READING, "readers"),
    "published": (*PRESCRIBED, "placeholders", "published"),
    "checks": (*PRESCRIBED, "checks"),
    "document": (*PRESCRIBED, "placeholders", "document"),
    "document.nodes": (*BASE, "pictures"),  # layout and writers do not know the model
    "fonts": (*TREE, "fonts"),
    "layout": PAGES,
    "layout.items": (*TREE, "layout.items"),
    "writers": (*TREE, "layout.items"),  # for a writer without an entry of its own
    "writers.docx": (*TREE, "fonts", "layout.items", "writers.docx"),
    "writers.html": (*TREE, "layout.items", "writers.html"),
    "writers.json": (*BASE, "writers.json"),
    "writers.dump": (*PAGES, "writers.dump"),
    "writers.pdf": (*PAGES, "writers.pdf"),
    "writers.ofd": (*TREE, "fonts", "layout.items", "writers.ofd"),
    "writers.form_workbook": (
        *BASE,
        "model",
        "forms",
        "writers.workbooks",
        "writers.form_workbook",
    ),
    "writers.workbooks": (*BASE, "writers.workbooks"),
    "writers.workbook_edits": (*BASE, "writers.workbook_edits"),
    "pipeline": (*STAGES, "pipeline"),
    "finished": (*STAGES, "pipeline", "finished"),
    "api": (*STAGES, "pipeline", "finished", "api"),
    "compare": (*STAGES, "pipeline", "finished", "api", "compare"),
    "units": (*STAGES, "finished", "api", "units"),
    # The reports of a batch are compared with each other, and built by the same workers.
    "batch": (*STAGES, "pipeline", "finished", "api", "units", "batch"),
    "preview": (*STAGES, "api", "preview"),
    # The sum over many reports is a folder that is made like a new one.
    "workflows": (*STAGES, "finished", "api", "units", "workflows"),
    "cli": COMMANDS,
    "__main__": ("cli",),
    "__init__": PUBLIC,
}

# The packages and modules that other packages may import.  A package is imported through its
# ``__init__``, which lists its public names in ``__all__``.  The modules of the two values between
# stages are imported directly, so that a writer sees the tree without the composer.  Each writer
# is imported by itself.
DOORS = frozenset(
    {
        "batch",
        "checks",
        "charts",
        "charts.painting",
        "charts.raster",
        "checks.sentences",
        "cli",
        "compare",
        "document",
        "document.nodes",
        "fonts",
        "forms",
        "layout",
        "layout.items",
        "layout.text",
        "markdown",
        "model",
        "pictures",
        "placeholders",
        "preview",
        "published",
        "readers",
        "sandbox",
        "spreadsheets",
        "units",
        "workflows",
        "writers.docx",
        "writers.dump",
        "writers.form_workbook",
        "writers.workbook_edits",
        "writers.html",
        "writers.json",
        "writers.workbooks",
        "writers.ofd",
        "writers.pdf",
    }
)

# Functions that distinguish all kinds of blocks, with the union of these kinds.  Each must handle a
# new kind of block; a new function of this sort must be added here.
DISPATCHES: dict[str, str] = {
    "checks.texts._block_texts": "NarrativeBlock",
    "compare.content._units_of": "Block",
    "document.blocks._compose": "NarrativeBlock",
    "document.draft.block": "Block",
    "document.nodes.texts_of": "Block",
    "forms.canonical._text": "NarrativeBlock",
    "layout.boxes._boxes_of": "Block",
    "markdown.writing._block": "NarrativeBlock",
    "writers.docx.document.add_block": "Block",
    "writers.dump._block_lines": "Block",
    "writers.html.page._block": "Block",
    "writers.pdf.tagging.block": "Block",
}
UNIONS = {"NarrativeBlock": "model.report", "Block": "document.nodes"}
FEWEST_KINDS = 4
"""Functions that distinguish fewer kinds of blocks are not listed."""

# Third-party library → the only modules (or packages) that may import it.
WALLS: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "yaml": ("located",),
    "jinja2": ("sandbox", "placeholders.sandbox"),
    "markupsafe": ("sandbox",),
    "markdown_it": ("markdown.blocks",),
    "regex": ("forms.rules",),  # expressions of own templates; the others are matched by re
    "PIL": ("pictures.conversion", "published.scans", "charts.raster"),
    "zlib_ng": ("pictures.formats",),
    "docx": ("published.docx", "writers.docx"),
    "lxml": ("published.ofd_package", "writers.docx", "writers.ofd"),
    "doc2docx": ("published.docx",),  # the extra doc
    "pdfminer": ("published",),  # below pdfplumber
    "pdfplumber": ("published.ofd", "published.pdf"),
    "xlrd": ("spreadsheets.xls",),
    "selectolax": ("published.html",),
    "reportlab": ("writers.pdf", "charts"),  # of graphics alone
    "uharfbuzz": ("fonts",),
    "fontTools": ("fonts.cff",),
    "bidi": ("directions",),
    "openpyxl": ("writers.form_workbook", "writers.workbooks", "writers.workbook_edits"),
    "platformdirs": ("cli.console",),
    "pypdfium2": ("preview.preview", "published.scans"),
    "rapidocr": ("published.scans",),  # the extra ocr
    "cv2": ("published.scans",),  # comes with rapidocr, and so does numpy
    "numpy": ("published.scans",),
    "dask": ("units.workers",),
    "typing_extensions": ("api",),  # for type checkers only, until Python 3.11 is the oldest
}

# The library for structs, which any module may import except the command line, whose help pages
# must not load it (tests/test_startup.py).
FREE = frozenset({"msgspec"})

# Dotted name (and everything below it) → why it is banned and what to do instead.
BANNED: dict[str, str] = {
    "print": "library code never prints; return text, cli shows it",
    "input": "library code never asks; cli does",
    "sys.exit": "only cli decides the exit code; raise EnvironmentProblem",
    "datetime.datetime.now": "the clock is read in cli; take the date as an argument",
    "datetime.datetime.today": "the clock is read in cli; take the date as an argument",
    "datetime.datetime.utcnow": "the clock is read in cli; take the date as an argument",
    "datetime.date.today": "the clock is read in cli; take the date as an argument",
    "time.time": "the clock is read in cli; take the date as an argument",
    "time.localtime": "the clock is read in cli; take the date as an argument",
    "time.gmtime": "the clock is read in cli; take the date as an argument",
    "time.strftime": "depends on clock and locale; format the date given",
    "os.environ": "the environment is read in cli; take the value as an argument",
    "os.getenv": "the environment is read in cli; take the value as an argument",
    "locale": "output must not depend on the machine; write the format out",
    "random": "equal input gives equal bytes; derive the value from the content",
    "secrets": "equal input gives equal bytes; derive the value from the content",
    "uuid.uuid1": "equal input gives equal bytes; use uuid5 of the content",
    "uuid.uuid4": "equal input gives equal bytes; use uuid5 of the content",
}
MAY_USE_BANNED = ("cli",)

# Who opens a file itself, because it is shipped or was just written.  All others call
# ``files.open_file`` or ``files.read_file``, which refuse pipes and devices and read up to a limit.
MAY_OPEN_FILES = (
    "files",
    "preview",
    "published.docx",
    "writers.docx.fonts",
    "writers.docx.sections",
    "writers.pdf.fonts",
    "writers.pdf.metadata",
)
OPENING = frozenset({"read_bytes", "read_text", "fdopen"})

# For packages whose files are written by a library: patterns of the file syntax, which no string in
# the package may contain.
WRITTEN_BY_LIBRARIES: dict[str, re.Pattern[str]] = {
    "writers.pdf": re.compile(
        r"<<|>>|%PDF|%%EOF|\bendobj\b|\b(?:end)?stream\b|xref\b|\btrailer\b|\bobj\b| 0 R\b|\\[()]"
    ),
}


@dataclass(frozen=True)
class Module:
    """One module of the package: its dotted name below ``reportgen`` and its text."""

    name: str
    path: Path
    text: str
    is_package: bool = False

    @property
    def tree(self) -> ast.Module:
        """The module's syntax tree."""
        return _parse(self.text)

    def at(self, line: int, message: str) -> str:
        """Return *message* behind the place it is about."""
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}:{line}: {message}"


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules() -> dict[str, Module]:
    """Return every module of the package by its name below ``reportgen``."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        is_package = parts[-1] == "__init__" and len(parts) > 1
        name = ".".join(parts[:-1] if is_package else parts)
        found[name] = Module(name, path, path.read_text(encoding="utf-8"), is_package)
    return found


def below(name: str, root: str) -> bool:
    """Return whether module *name* is *root* or lies in it."""
    return name == root or name.startswith(root + ".")


def imports(module: Module, known: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield line and absolute dotted name of every import, wherever it stands.

    ``from reportgen.document import nodes`` names the module ``document.nodes``.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [_relative_base(module, node.level), node.module]))
            for alias in node.names:
                full = f"{base}.{alias.name}"
                is_module = full.removeprefix(PACKAGE + ".") in known
                yield node.lineno, full if is_module else base


def _relative_base(module: Module, level: int) -> str:
    if not level:
        return ""
    parts = [PACKAGE, *module.name.split(".")]
    return ".".join(parts[: len(parts) - level + module.is_package])


def layer_of(name: str) -> str | None:
    """Return the longest entry of the import table that *name* belongs to."""
    return max((entry for entry in ALLOWED_IMPORTS if below(name, entry)), key=len, default=None)


def import_violations(module: Module, known: frozenset[str]) -> Iterator[str]:
    """Yield the imports of our own modules that the table does not allow."""
    layer = layer_of(module.name)
    if layer is None:
        yield module.at(1, f"{module.name} is in no layer; add it to ALLOWED_IMPORTS")
        return
    allowed = ALLOWED_IMPORTS[layer]
    for line, name in imports(module, known):
        target = name.removeprefix(PACKAGE + ".")
        if below(name, PACKAGE) and name != PACKAGE and not any(below(target, a) for a in allowed):
            yield module.at(line, f"{module.name} imports {target}, which {layer} may not")


def wall_violations(module: Module, known: frozenset[str]) -> Iterator[str]:
    """Yield the imports of third-party libraries outside their walls."""
    for line, name in imports(module, known):
        library = name.split(".")[0]
        if library == PACKAGE or library in sys.stdlib_module_names | FREE:
            continue
        if library not in WALLS:
            yield module.at(line, f"{library} has no wall; name its module in WALLS")
        elif not any(below(module.name, place) for place in WALLS[library]):
            where = ", ".join(WALLS[library])
            yield module.at(line, f"{module.name} imports {library}; only {where} may")


def package_of(name: str) -> str:
    """Return the innermost package that contains module *name*; *name* itself if it is one."""
    while name and not (SOURCE / Path(*name.split(".")) / "__init__.py").is_file():
        name = name.rpartition(".")[0]
    return name


def door_violations(module: Module, known: frozenset[str]) -> Iterator[str]:
    """Yield the imports that enter a package from outside by anything but a door."""
    home = package_of(module.name)
    for line, name in imports(module, known):
        target = name.removeprefix(PACKAGE + ".")
        package = package_of(target)
        inside = below(home, package) or home.startswith(package + ".")
        if below(name, PACKAGE) and package and not inside and target not in DOORS:
            yield module.at(line, f"{module.name} enters {package} by {target}; use its door")


def circles(modules_: dict[str, Module]) -> list[list[str]]:
    """Return the circles among the imports of *modules_*, wherever the imports stand."""
    known = frozenset(modules())
    graph = {
        name: {
            target
            for _, full in imports(module, known)
            if (target := full.removeprefix(PACKAGE + ".")) in modules_ and target != name
        }
        for name, module in modules_.items()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return [error.args[1]]
    return []


def kinds_of(union: str, module: Module) -> set[str]:
    """Return the members of the type alias *union*, which *module* defines."""
    for node in module.tree.body:
        if isinstance(node, ast.AnnAssign) and node.value and _name_of(node.target) == union:
            return {name for part in ast.walk(node.value) if (name := _name_of(part))}
    raise LookupError(union)


def _name_of(node: ast.AST) -> str:
    """Return the last name of ``Heading`` or ``nodes.Heading``, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def kinds_asked_for(function: Function) -> set[str]:
    """Return the classes that *function* tells apart: by ``isinstance``, ``match`` or a table."""
    asked: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name_of(node.func) == "isinstance":
            asked |= {_name_of(part) for part in ast.walk(node.args[1])}
        elif isinstance(node, ast.MatchClass):
            asked.add(_name_of(node.cls))
        elif isinstance(node, ast.Dict):
            asked |= {_name_of(key) for key in node.keys if key}
    return asked


def dispatch_violations(module: Module, unions: dict[str, set[str]]) -> Iterator[str]:
    """Yield the functions that distinguish kinds of blocks and are not listed, or miss a kind."""
    for function in (node for node in ast.walk(module.tree) if isinstance(node, Function)):
        name = f"{module.name}.{function.name}"
        for union, kinds in unions.items():
            asked = kinds_asked_for(function) & kinds
            if DISPATCHES.get(name) == union:
                for kind in sorted(kinds - asked):
                    yield module.at(function.lineno, f"{name} does not say what a {kind} is")
            elif len(asked) >= FEWEST_KINDS:
                yield module.at(function.lineno, f"{name} is in no list; add it to DISPATCHES")


def ban_violations(module: Module) -> Iterator[str]:
    """Yield the uses of banned names outside cli."""
    if any(below(module.name, place) for place in MAY_USE_BANNED):
        return
    names = _bound_names(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            used = _dotted(node, names)
            reason = BANNED.get(used) or BANNED.get(used.split(".")[0])
            if reason:
                yield module.at(node.lineno, f"{used} is banned: {reason}")


def opening_violations(module: Module) -> Iterator[str]:
    """Yield the places that open a file by themselves."""
    if any(below(module.name, place) for place in MAY_OPEN_FILES):
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name, function = _called(node), node.func
        is_method = isinstance(function, ast.Attribute)
        mode = [part.value for part in node.args if isinstance(part, ast.Constant)]
        opens = name == "open" and (not is_method or mode[:1] in (["rb"], ["r"]) or not node.args)
        if opens or (is_method and name in OPENING):
            yield module.at(node.lineno, f"{name} opens a file; use files.read_file")


def _bound_names(tree: ast.Module) -> dict[str, str]:
    """Return what the module's imported names stand for, as dotted names."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.split(".")[0]
                bound[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return bound


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """Return the full name of an imported or builtin thing, empty for anything else."""
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id if node.id in ("print", "input") else "")
    return ""


Function = ast.FunctionDef | ast.AsyncFunctionDef


def syntax_violations(module: Module) -> Iterator[str]:
    """Yield the strings that write a file by hand where a library does it."""
    for package, syntax in WRITTEN_BY_LIBRARIES.items():
        if not below(module.name, package):
            continue
        for line, text in _strings(module.tree):
            if found := syntax.search(text):
                yield module.at(line, f"{found[0]!r} is the file's syntax; {package} has a library")


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string and byte string that is no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("latin-1")


_TAG = re.compile(r"</?\w+:\w|<[/?!]|/>|&(?:amp|lt|gt|quot|#)")
_PARSERS = frozenset({"XML", "fromstring", "fromstringlist", "parse_xml"})


def xml_violations(module: Module) -> Iterator[str]:
    """Yield the places where the DOCX writer makes XML out of text: tags, escapes, parsing."""
    if not below(module.name, "writers.docx"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _TAG.search(node.value):
                yield module.at(node.lineno, "XML in a string; add elements, or a file to parse")
        elif isinstance(node, ast.Call) and _called(node) in _PARSERS:
            if any(isinstance(part, ast.Constant | ast.JoinedStr) for part in node.args):
                yield module.at(node.lineno, f"{_called(node)} of a string; add elements")
        elif isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                if alias.name in ("escape", "quoteattr", "xml.sax.saxutils"):
                    yield module.at(node.lineno, "lxml escapes what it writes")


def _called(call: ast.Call) -> str:
    """Return the last part of the name that *call* calls."""
    function = call.func
    return getattr(function, "attr", "") or getattr(function, "id", "")


def size_violations(module: Module) -> Iterator[str]:
    """Yield the module if it is too long, and its functions that are."""
    lines = len(module.text.splitlines())
    if lines > MAX_MODULE_LINES:
        yield module.at(1, f"module has {lines} lines, at most {MAX_MODULE_LINES}")
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield module.at(
                    node.lineno, f"{node.name} has {length} lines, at most {MAX_FUNCTION_LINES}"
                )


def docstring_violations(module: Module) -> Iterator[str]:
    """Yield the module and its public names that lack a docstring."""
    if not ast.get_docstring(module.tree):
        yield module.at(1, "module has no docstring")
    for node in _public_definitions(module.tree):
        if not ast.get_docstring(node):
            yield module.at(node.lineno, f"{node.name} has no docstring")


def _public_definitions(scope: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    for node in scope.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public_definitions(node)


def annotation_violations(module: Module) -> Iterator[str]:
    """Yield the parameters and results without a type."""
    methods = {
        id(item) for n in ast.walk(module.tree) if isinstance(n, ast.ClassDef) for item in n.body
    }
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            for argument in _bare_arguments(node, id(node) in methods):
                yield module.at(argument.lineno, f"{node.name}: {argument.arg} has no type")
            if node.returns is None:
                yield module.at(node.lineno, f"{node.name} has no result type")


def _bare_arguments(function: Function, is_method: bool) -> list[ast.arg]:
    given = function.args
    static = any(
        isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list
    )
    positional = [*given.posonlyargs, *given.args][1 if is_method and not static else 0 :]
    rest = [item for item in (given.vararg, given.kwarg) if item]
    return [item for item in (*positional, *given.kwonlyargs, *rest) if item.annotation is None]


def refuse(rule: Callable[[Module], Iterator[str]]) -> None:
    """Fail with everything that *rule* finds in the package, one line each."""
    found = [line for module in modules().values() for line in rule(module)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_imports_point_one_way() -> None:
    known = frozenset(modules())
    refuse(lambda module: import_violations(module, known))


def test_a_package_is_entered_through_its_door() -> None:
    known = frozenset(modules())
    found = [line for module in modules().values() for line in door_violations(module, known)]
    assert not found


def test_every_door_names_what_leads_out_of_it() -> None:
    packages = [
        name for name in DOORS if (SOURCE / Path(*name.split(".")) / "__init__.py").is_file()
    ]
    silent = [name for name in packages if "__all__" not in modules()[name].text]
    assert not silent


def test_no_module_imports_itself_by_a_detour() -> None:
    assert not circles(modules())


def unions() -> dict[str, set[str]]:
    """Return the kinds of blocks of each union."""
    return {union: kinds_of(union, modules()[name]) for union, name in UNIONS.items()}


def test_every_kind_of_block_is_named_wherever_they_are_told_apart() -> None:
    known = unions()
    found = [line for module in modules().values() for line in dispatch_violations(module, known)]
    assert not found


def test_the_list_of_dispatches_names_no_function_that_is_gone() -> None:
    there = {
        f"{name}.{node.name}"
        for name, module in modules().items()
        for node in ast.walk(module.tree)
        if isinstance(node, Function)
    }
    assert set(DISPATCHES) <= there


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "layout.boxes",
            "def _boxes_of(b):\n    if isinstance(b, Paragraph | Heading | ItemList): pass",
            "does not say what a Table is",
        ),
        (
            "layout.newcomer",
            "def f(b):\n    if isinstance(b, n.Table | n.Heading | n.ItemList | n.Signature): pass",
            "is in no list",
        ),
        (
            "layout.newcomer",
            "def f(b):\n    match b:\n"
            "        case Table() | Heading() | Signature() | ItemList(): pass",
            "is in no list",
        ),
        (
            "checks.newcomer",
            "def f(b):\n    kinds = {NarrativeList: 1, NarrativeTable: 2, PictureGroup: 3}\n"
            "    return kinds[type(b)] if type(b) in kinds else isinstance(b, NarrativeHeading)",
            "is in no list",
        ),
    ],
)
def test_a_forgotten_kind_of_block_is_caught(name: str, text: str, says: str) -> None:
    found = list(dispatch_violations(snippet(name, text), unions()))
    assert any(says in line for line in found)


def test_a_question_about_one_kind_of_block_is_no_dispatch() -> None:
    text = "def f(b):\n    return isinstance(b, Table) or isinstance(b, Heading)"
    assert not list(dispatch_violations(snippet("layout.newcomer", text), unions()))


def test_class_names_occur_once() -> None:
    found: dict[str, list[str]] = {}
    for name, module in modules().items():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name.lstrip("_"), []).append(name)
    assert not {name: places for name, places in found.items() if len(places) > 1}


def test_files_are_opened_in_one_place() -> None:
    refuse(opening_violations)


@pytest.mark.parametrize(
    "text", ["open(path)", "path.open()", 'path.open("rb")', "path.read_bytes()"]
)
def test_a_file_opened_elsewhere_is_caught(text: str) -> None:
    assert list(opening_violations(snippet("readers.newcomer", text)))


def test_third_party_libraries_stay_behind_their_walls() -> None:
    known = frozenset(modules())
    refuse(lambda module: wall_violations(module, known))


def test_clock_environment_chance_and_console_are_left_to_cli() -> None:
    refuse(ban_violations)


def test_what_a_library_writes_is_not_written_by_hand() -> None:
    refuse(syntax_violations)


def test_the_docx_writer_builds_no_xml_from_strings() -> None:
    refuse(xml_violations)


@pytest.mark.parametrize(
    "text",
    [
        "x = '<w:p>'",
        "x = f'<w:p>{text}</w:p>'",
        "x = text.rpartition('</w:pPr>')",
        "x = parse_xml(f'{a}')",
        "x = etree.fromstring('a')",
        "x = value.replace('&', '&amp;')",
        "from xml.sax.saxutils import escape",
    ],
)
def test_xml_from_strings_is_caught(text: str) -> None:
    assert list(xml_violations(snippet("writers.docx.document", text)))
    assert not list(xml_violations(snippet("writers.html", text)))


def test_modules_and_functions_stay_small() -> None:
    refuse(size_violations)


def test_every_public_name_says_what_it_is() -> None:
    refuse(docstring_violations)


def test_every_function_is_annotated() -> None:
    refuse(annotation_violations)


@pytest.mark.parametrize("table", [ALLOWED_IMPORTS, WALLS], ids=["imports", "walls"])
def test_tables_name_no_wall_that_could_not_exist(table: dict[str, tuple[str, ...]]) -> None:
    top = {name.split(".")[0] for name in chain(*table.values())}
    assert top <= {entry.split(".")[0] for entry in ALLOWED_IMPORTS}


KNOWN = frozenset({"model", "model.report", "document", "document.nodes", "readers", "fonts.faces"})


def snippet(name: str, text: str) -> Module:
    return Module(name, SOURCE / f"{name.replace('.', '/')}.py", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("checks.completeness", "from reportgen.readers import folder"),
        ("readers.folder", "import reportgen.checks"),
        ("writers.pdf.tagging", "from reportgen.model.report import Report"),
        ("writers.html", "from reportgen.fonts.faces import FontSet"),
        ("writers.html", "from reportgen.writers.docx import write_docx"),
        ("layout.pages", "from reportgen.document import compose_document"),
        ("document.nodes", "def f():\n    from reportgen.model.report import Report"),
        ("model.report", "from ..forms import form"),
        ("diagnostics", "from reportgen.model import report"),
        ("workflows.new", "from reportgen.cli import run"),
        ("newcomer", "x = 1"),
    ],
)
def test_forbidden_import_is_caught(name: str, text: str) -> None:
    assert list(import_violations(snippet(name, text), KNOWN))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("layout.pages", "from reportgen.document import nodes"),
        ("writers.pdf.fonts", "from reportgen.fonts.faces import FontSet"),
        ("forms.form", "from reportgen import __version__"),
        ("readers.folder", "from . import tables\nfrom .tables import read"),
    ],
)
def test_allowed_import_passes(name: str, text: str) -> None:
    assert not list(import_violations(snippet(name, text), KNOWN))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (ban_violations, "import datetime as dt\nx = dt.date.today()"),
        (ban_violations, "from datetime import datetime\nx = datetime.now()"),
        (ban_violations, "from os import environ\nx = environ['A']"),
        (ban_violations, "import random\nx = random.random()"),
        (ban_violations, "print('x')"),
        (docstring_violations, "def public(): ..."),
        (annotation_violations, "def _f(a): ..."),
        (annotation_violations, "class C:\n    def _m(self, a: int): ..."),
        (size_violations, "def f():\n" + "    x = 1\n" * MAX_FUNCTION_LINES),
        (size_violations, "x = 1\n" * (MAX_MODULE_LINES + 1)),
        (lambda m: wall_violations(m, KNOWN), "import yaml"),
        (lambda m: wall_violations(m, KNOWN), "import requests"),
    ],
)
def test_broken_rule_is_caught(rule: Callable[[Module], Iterator[str]], text: str) -> None:
    assert list(rule(snippet("checks.completeness", text)))


@pytest.mark.parametrize(
    "text",
    [
        "x = b'<</Type/Page>>'",
        "x = f'{n} 0 R'",
        "x = '%d 0 obj' % n",
        "x = b'\\nendstream\\n'",
        "x = ['xref', 'trailer']",
        "x = y.replace('(', '\\\\(')",
    ],
)
def test_file_syntax_in_a_writer_is_caught(text: str) -> None:
    assert list(syntax_violations(snippet("writers.pdf.page", text)))
    assert not list(syntax_violations(snippet("checks.completeness", text)))


def test_a_docstring_may_name_the_syntax() -> None:
    assert not list(syntax_violations(snippet("writers.pdf.page", '"""The end of a stream."""')))
