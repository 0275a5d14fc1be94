"""Tests that messages of rules are in ``checks.yaml`` only, and that Python uses known slugs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from reportgen.forms.rules import BUILT_IN
from tests.errors.gallery import load_rules

SOURCE = Path(__file__).resolve().parents[1] / "src" / "reportgen"
RULES = {rule.slug: rule for rule in load_rules().values()}
BUILT_INS = sorted(slug for slug, rule in RULES.items() if rule.kind == BUILT_IN)
NAMING = ("wording", "advice")
REPORTERS = ("Finding", "report", "_report", "NotANumberError")
"""What takes the slug of a rule first, then values, and its wording by name."""


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of the program, parsed."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


@cache
def constants() -> frozenset[str]:
    """Return every text that stands in the program."""
    nodes = (node for tree in modules().values() for node in ast.walk(tree))
    return frozenset(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def calls() -> Iterator[tuple[str, ast.Call, ast.FunctionDef]]:
    """Yield each report of a rule named right there: place, call, and the function it is in."""
    for path, tree in modules().items():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and name_of(node) in REPORTERS and slug_of(node):
                        yield f"{path.relative_to(SOURCE)}:{node.lineno}", node, function


def name_of(call: ast.Call) -> str:
    """Return the name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def slug_of(call: ast.Call) -> str:
    """Return the slug that *call* names, empty when it is no constant."""
    match call.args[:1]:
        case [ast.Constant(value=str(slug))]:
            return slug
    return ""


def texts_in(node: ast.AST) -> list[str]:
    """Return the texts that *node*, a constant or a choice between some, can be."""
    match node:
        case ast.IfExp(body=body, orelse=other):
            return texts_in(body) + texts_in(other)
        case ast.Constant(value=str(text)):
            return [text]
    return []


def wordings_of(call: ast.Call) -> list[str]:
    """Return the wordings that *call* names."""
    named = (word for word in call.keywords if word.arg in NAMING)
    return [text for word in named for text in texts_in(word.value) if text]


def values_of(call: ast.Call, function: ast.FunctionDef) -> set[str] | None:
    """Return the names that *call* gives values for; None when that cannot be read off."""
    for argument in call.args[1:]:
        if isinstance(argument, ast.Name):
            argument = assigned(argument.id, function) or argument
        if isinstance(argument, ast.Dict) and all(argument.keys):
            return {text for key in argument.keys if key for text in texts_in(key)}
        if isinstance(argument, ast.Name | ast.Attribute) and "values" in ast.unparse(argument):
            return None
    return None if name_of(call) == "NotANumberError" else set()


def assigned(name: str, function: ast.FunctionDef) -> ast.expr | None:
    """Return the mapping that *name* was last given in *function*."""
    found = None
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Dict() as value):
                found = value if target == name else found
    return found


def fields(*texts: str) -> set[str]:
    """Return the names that *texts* leave to be filled in."""
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}


def words_of(call: ast.Call) -> list[str]:
    """Return what the rule says that *call* reports; nothing when a wording is not named there."""
    rule = RULES[slug_of(call)]
    if any(word.arg in NAMING and not texts_in(word.value) for word in call.keywords):
        return []
    named = [rule.wordings[name] for name in wordings_of(call)]
    messages = [wording.message for wording in named if wording.message]
    hints = [wording.hint for wording in named if wording.hint]
    return [*(messages or [rule.message]), *(hints or [rule.hint])]


def test_diagnostics_are_made_in_one_place() -> None:
    makers = {
        path.relative_to(SOURCE).as_posix()
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node) == "Diagnostic"
    }
    assert makers == {"forms/rules.py"}


def test_no_code_of_a_rule_stands_in_the_program() -> None:
    assert {text for text in constants() if re.fullmatch(r"[A-Z]\d{3}", text)} == set()


@pytest.mark.parametrize("slug", BUILT_INS)
def test_every_rule_of_the_program_is_reported_somewhere_in_all_its_wordings(slug: str) -> None:
    assert slug in constants()
    assert RULES[slug].wordings.keys() - constants() == set()


def test_every_wording_that_is_named_anywhere_is_one_of_some_rule() -> None:
    known = {name for rule in RULES.values() for name in rule.wordings}
    named = {
        text
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for text in wordings_of(node)
    }
    assert named - known == set()


def test_every_rule_that_is_reported_exists_and_has_the_wording() -> None:
    unknown = [
        f"{place}: {slug_of(call)} {wording}"
        for place, call, _ in calls()
        for wording in ["", *wordings_of(call)]
        if slug_of(call) not in RULES or (wording and wording not in RULES[slug_of(call)].wordings)
    ]
    assert unknown == []


def test_every_name_in_the_words_of_a_rule_gets_a_value() -> None:
    read = {place: (call, values_of(call, function)) for place, call, function in calls()}
    known = {place: (call, given) for place, (call, given) in read.items() if given is not None}
    missing = {
        f"{place}: {slug_of(call)} {name}"
        for place, (call, given) in known.items()
        for name in fields(*words_of(call)) - given
    }
    assert missing == set()
    assert len(known) > 50
