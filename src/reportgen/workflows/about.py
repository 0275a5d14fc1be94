"""What the program says about itself.

``explain`` and ``editions``: what the templates say about rules and forms.  ``doctor``: which fonts
each role gets, how much they cover, which versions run.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from reportgen import __version__
from reportgen.files import added_folder, refuse_foreign
from reportgen.fonts import LAST_ROLE, FontSet, load_fonts
from reportgen.forms import (
    HOW_CODES_LOOK,
    Form,
    Library,
    Rule,
    all_forms,
    all_rules,
    find_rule,
    nearest_rule,
)
from reportgen.problems import EnvironmentProblem
from reportgen.styles import LATIN_ROLE

_SHOWN_RULES = 8
OWN_BASIS = "本程序的约定"
"""The basis of a rule that no law or standard asks for."""
_NAME = re.compile(r"(?<!\{)\{([一-鿿]+)\}(?!\})")
_EXAMPLES = {"年度": "2025", "单位": "某市某局"}


def explain_rule(code: str, library: Library) -> str:
    """Return the page of the rule called *code* (code or slug).

    Raises EnvironmentProblem, with the nearest code, when no form knows it.
    """
    forms, rules = all_forms(library), all_rules(library)
    rule = find_rule(code, rules)
    if rule is None:
        near = nearest_rule(code, rules)
        raise EnvironmentProblem(
            f"没有“{code}”这条规则", f"是否应为 {near}？" if near else _similar(code, rules)
        )
    return _page(rule, [form for form in forms if form.rule(rule.code)], len(forms))


def _similar(text: str, rules: Iterable[Rule]) -> str:
    """Return the rules whose title holds *text*, or how codes look and where they stand."""
    found = [f"{rule.code} {rule.title}" for rule in rules if text in rule.title]
    if found:
        return "标题里有这几个字的规则：" + "；".join(found[:_SHOWN_RULES])
    return HOW_CODES_LOOK


def plain_hint(rule: Rule) -> str:
    """Return the hint of *rule* with examples, or just their names, for what a report fills in."""
    return _NAME.sub(lambda found: _EXAMPLES.get(found[1], found[1]), rule.hint)


def _page(rule: Rule, forms: list[Form], form_count: int) -> str:
    scope = "各版式" if len(forms) == form_count else "、".join(form.name for form in forms)
    parts = [
        f"{rule.code} {rule.slug}  {rule.title}",
        f"级别：{rule.severity.label}    适用：{scope}",
        "",
    ]
    sections = (
        ("查什么", rule.what),
        ("公式", rule.formula),
        ("为什么", rule.why),
        ("依据", rule.basis or OWN_BASIS),
        ("例子", rule.example),
        ("怎么改", plain_hint(rule)),
    )
    parts.extend(f"【{head}】\n{text}" for head, text in sections if text)
    return "\n".join(parts)


def list_editions(library: Library) -> str:
    """Return a line for every form of every kind of report."""
    lines = []
    for name, folder in library.report_kinds().items():
        lines.append(name)
        lines.extend(
            f"  {form.id}  {form.name}  {form.years}  {form.basis}"
            for form in library.editions(folder)
        )
    return "\n".join(lines)


PACKAGES = (
    "python-docx",
    "reportlab",
    "jinja2",
    "pyyaml",
    "markdown-it-py",
    "uharfbuzz",
    "python-bidi",
    "pillow",
)
SAMPLE = "一—…·“”《》〔〕①㎡〇昇璟堃喆"


def examine(folder: Path | None, system_fonts: Sequence[Path] = ()) -> tuple[list[str], bool]:
    """Return the lines of the examination and whether everything needed is there.

    *folder* is a report folder whose own ``fonts/`` counts too, *system_fonts* are the
    system's folders of fonts, if they shall count.
    """
    lines = [f"reportgen {__version__}  Python {platform.python_version()}  {platform.platform()}"]
    healthy = True
    try:
        if folder:
            refuse_foreign(folder / "fonts", folder)
        fonts = load_fonts((folder / "fonts",) if folder else (), system_fonts)
        lines += ["", "字体（用途：字体名，文件）", *_font_lines(fonts)]
        lines += _system_lines(fonts, system_fonts)
    except EnvironmentProblem as error:
        lines += [f"字体：{error.message}", f"  处理：{error.hint}"]
        healthy = False
    lines += ["", "软件包", *(f"  {_version(name)}" for name in PACKAGES)]
    encoding = getattr(sys.stdout, "encoding", None) or "没有终端"
    lines += ["", f"终端编码：{encoding}", "", "可以使用。" if healthy else "请先处理上面的问题。"]
    return lines, healthy


def _font_lines(fonts: FontSet) -> list[str]:
    lines = []
    for role in fonts.roles:
        face = fonts.faces_of(role)[0]
        origin = "随程序" if face.shipped else "系统" if face.is_system else "自备"
        chars = "" if role == LATIN_ROLE else "".join(c for c in SAMPLE if not face.covers(c))
        gaps = f"；缺字由其他字体补：{chars}" if chars else ""
        lines.append(f"  {role}：{face.family}（{origin}，{face.path.name}）{gaps}")
    for face in fonts.extra:
        origin = "系统" if face.is_system else "自备"
        scripts = [script.name for script in fonts.scripts.values() if face.can_set(script.letter)]
        told = f"；有{'、'.join(scripts)}" if scripts else ""
        lines.append(f"  补缺字：{face.family}（{origin}，{face.path.name}）{told}")
    lines += _added_lines(fonts)
    missing = [
        script.name
        for script in fonts.scripts.values()
        if not fonts.face_for(LAST_ROLE, script.letter)
    ]
    if missing:
        lines.append(
            f"  没有字体的文字：{'、'.join(missing)}；要用的把民族文字字体包解压到 "
            f"{added_folder('fonts')}，或者把字体文件放入报告目录的 fonts"
        )
    return lines


def _added_lines(fonts: FontSet) -> Iterator[str]:
    """Yield a line for each font of the extra package that was added."""
    for script, face in fonts.added.items():
        if face.is_known:
            name = fonts.scripts[script].name
            yield f"  补缺字：{face.family}（字体包，{face.path.name}）；有{name}"
        else:
            yield f"  没有用：{face.path}；它不是这一版字体包里的文件"


def _system_lines(fonts: FontSet, folders: Sequence[Path]) -> list[str]:
    """Return which fonts of the system are used, or how to use them."""
    if not folders:
        return ["  电脑上装的公文字体没有启用；要用的话，各命令加 --system-fonts"]
    faces = [fonts.faces_of(role)[0] for role in fonts.roles]
    found = [f"  系统字体：{face.family} {face.path}" for face in faces if face.is_system]
    return found or [f"  没有在系统字体目录中找到公文字体（看了 {len(folders)} 个目录）"]


def _version(name: str) -> str:
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name} 未安装"
