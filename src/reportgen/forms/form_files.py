"""Template files read: any YAML file in its shape; what ``report.yaml`` and ``form.yaml`` hold."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from msgspec import Meta, Struct, field

from reportgen.files import Stamp, stamp_of
from reportgen.forms.form import Edition, ReportKind, RetiredForm
from reportgen.forms.rule_files import Expression, compiled_expression
from reportgen.located import empty_mapping, load_tree
from reportgen.problems import EnvironmentProblem
from reportgen.shapes import ShapeError, read_shape

MOST_MISTAKES = 20
"""How many mistakes in one file are told."""

T = TypeVar("T", bound=Struct)

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500, description="文字，不能空")]
Year: TypeAlias = Annotated[int, Meta(ge=1900, le=9999)]
Identifier: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$",
        description="英文字母、数字、下划线和短横组成的名称",
    ),
]


class RetiredShape(Struct, frozen=True):
    """One of ``retired``: a form that is recognised by its words and not read."""

    name: Text
    words: Annotated[list[Text], Meta(min_length=1)]


class KindFile(Struct, frozen=True):
    """``report.yaml`` of a kind of report."""

    name: Text
    default: bool = False
    retired: list[RetiredShape] = []


class InForce(Struct, frozen=True):
    """``in_force``: the first and the last year."""

    first: Year = field(name="from")
    last: Year | None = field(name="to", default=None)

    def __post_init__(self) -> None:
        """Raise ValueError when the form ends before it begins."""
        if self.last is not None and self.last < self.first:
            raise ValueError("的 to 早于 from")


class SectionShape(Struct, frozen=True):
    """One of ``sections``."""

    id: Identifier
    title: Text
    aliases: list[Text] = []
    table: Identifier | None = None
    text: Literal["required"] | None = None


class FormFile(Struct, frozen=True, kw_only=True):
    """``form.yaml``."""

    name: Text
    in_force: InForce
    basis: Text
    law: str = ""
    title: Text
    title_aliases: list[Text] = []
    title_break: str = ""
    organ_break: Expression | None = None
    subject: Text
    keywords: list[Text] = []
    kinds: Annotated[list[Text], Meta(min_length=1)]
    contact: list[Text] = []
    contact_words: dict[Text, list[Text]] = {}
    carry_over: dict[Text, list[Text]] = {}
    sections: Annotated[list[SectionShape], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Raise ValueError for a wrong expression, or sections with one id or one table."""
        compiled_expression("organ_break", self.organ_break)
        for what in ("id", "table"):
            names = [name for section in self.sections if (name := getattr(section, what))]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                raise ValueError(f"的 sections 有两个 {what} 是 {twice}")


def read_template(path: Path, shape: type[T]) -> T:
    """Return the YAML file *path* in its *shape*; the value is shared and read-only.

    Raises EnvironmentProblem that tells every mistake with its place.
    """
    load_tree(path)  # which tells what is wrong with the file itself
    try:
        found: T = _shaped(path, stamp_of(path.stat()), shape)
    except ShapeError as error:
        lines = [f"{item.span.short_place}：{item.message}" for item in error.mistakes]
        if len(lines) > MOST_MISTAKES:
            lines[MOST_MISTAKES:] = [f"…… 其余 {len(lines) - MOST_MISTAKES} 处从略"]
        raise EnvironmentProblem(
            "模板有误：" + "\n      ".join(lines), "改正这些地方；各项的写法见 docs/templates.md"
        ) from error
    return found


@lru_cache(maxsize=128)
def _shaped(path: Path, _: Stamp, shape: Any) -> Any:
    return read_shape(load_tree(path) or empty_mapping(str(path)), shape)


def read_kind(path: Path) -> ReportKind:
    """Return the kind of report that the ``report.yaml`` at *path* describes."""
    file = read_template(path, KindFile)
    return ReportKind(file.name, file.default)


def read_retired(path: Path) -> list[RetiredForm]:
    """Return the forms that reports followed once, by the ``report.yaml`` at *path*."""
    forms = read_template(path, KindFile).retired
    return [RetiredForm(form.name, tuple(form.words)) for form in forms]


def read_edition(path: Path, folder: Path) -> Edition:
    """Return the head of the form whose ``form.yaml`` is at *path*, *folder* below a root."""
    return Edition(**edition_fields(folder, read_template(path, FormFile)))


def edition_fields(folder: Path, file: FormFile) -> dict[str, Any]:
    """Return the fields of :class:`Edition` of the form in *folder*, as its *file* has them."""
    return {
        "id": folder.name,
        "report": folder.parent.as_posix(),
        "name": file.name,
        "first_year": file.in_force.first,
        "last_year": file.in_force.last,
        "basis": file.basis,
    }
