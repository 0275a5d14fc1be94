"""Which rule is called by a code or a slug that a user typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportgen.forms.form import Form
from reportgen.forms.keys import nearest_key
from reportgen.forms.library import Library
from reportgen.forms.rules import Rule
from reportgen.problems import EnvironmentProblem

HOW_CODES_LOOK = "编号是一个字母加三位数字，如 T301，就是核对结果开头方括号里的"
_LIKE_DIGITS = str.maketrans("ol", "01")  # as they are read off a screen


def all_forms(library: Library) -> list[Form]:
    """Return every form of every kind of report in *library*."""
    folders = library.report_kinds().values()
    return [form for folder in folders for form in library.forms(folder)]


def all_rules(library: Library) -> tuple[Rule, ...]:
    """Return the rules of all forms of *library*, one of each code."""
    forms = all_forms(library)
    return tuple({rule.code: rule for form in forms for rule in form.rules}.values())


def find_rule(name: str, rules: Iterable[Rule]) -> Rule | None:
    """Return the one of *rules* whose code or slug is *name*, in letters of either case."""
    wanted = name.strip().lower()
    return next((rule for rule in rules if wanted in (rule.code.lower(), rule.slug)), None)


def nearest_rule(name: str, rules: Sequence[Rule]) -> str | None:
    """Return the code, else the slug, of *rules* that *name* is most like."""
    wanted = name.strip().lower()
    digits = wanted[:1] + wanted[1:].translate(_LIKE_DIGITS)
    near = nearest_key(digits, [rule.code.lower() for rule in rules])
    return near.upper() if near else nearest_key(wanted, [rule.slug for rule in rules])


def known_codes(names: Iterable[str], library: Library, form: Form | None) -> frozenset[str]:
    """Return the codes of the rules that *names* call.

    The rules are those of *form*, the report's, and of every form of *library*.  Raises
    EnvironmentProblem about all names that call none.
    """
    rules = form.rules if form else ()
    found = {name: find_rule(name, rules) for name in sorted(names)}
    if None in found.values():
        rules = (*rules, *all_rules(library))
        found = {name: find_rule(name, rules) for name in found}
    if unknown := [name for name, rule in found.items() if rule is None]:
        near = [f"“{n}”是否应为 {code}？" for n in unknown if (code := nearest_rule(n, rules))]
        raise EnvironmentProblem(
            f"没有这样的规则：{'、'.join(unknown)}", "".join(near) or HOW_CODES_LOOK
        )
    return frozenset(rule.code for rule in found.values() if rule)
