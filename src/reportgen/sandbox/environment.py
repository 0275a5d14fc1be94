"""The Jinja2 environment, restricted to what templates need.

Errors in templates are reported in Chinese, with file and line.
"""

from __future__ import annotations

import datetime
import functools
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, DivisionUndefined
from itertools import chain
from pathlib import PurePath
from typing import Any

from jinja2 import (
    BaseLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    filters,
    nodes,
    pass_environment,
    pass_eval_context,
)
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from reportgen.problems import EnvironmentProblem
from reportgen.sandbox.bounds import Counter, Evaluation, TooMuch, counted_to, current
from reportgen.source import SourceFile

_MAX_RANGE = 10_000
_MAX_TEXT = 100_000
_MAX_BITS = 1_000

_METHODS: dict[type, frozenset[str]] = {
    Mapping: frozenset({"items", "keys", "values", "get"}),
    str: frozenset({"strip", "startswith", "endswith"}),
}
_PLAIN_FILTERS = (
    "abs", "count", "d", "default", "first", "int", "last", "length", "list", "max", "min",
    "sort", "sum", "trim", "unique",
)  # fmt: skip
_CALL = 10
"""The cost of a call, in expressions."""
_POWER = 50
_MAX_STRIPPED = 100
"""The most different characters that may be stripped from a text."""
_PRINTED = (str, int, float, Decimal, datetime.date, Undefined)

SyntaxProblem = (TemplateSyntaxError, SyntaxError, RecursionError, MemoryError, ValueError)
"""The exceptions that compiling a text can raise."""

Function = Callable[..., Any]


class Missing(StrictUndefined):
    """A name that does not exist or may not be used: using it raises UndefinedError."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return f"没有名为“{self._undefined_name}”的内容，或者不允许使用"


def markup(text: str) -> str:
    """Return *text*, which must be safe HTML, marked so that it is not escaped."""
    return Markup(text)  # noqa: S704 - that is its purpose


def text_of(value: Any) -> str:
    """Return the text of *value*; ValueError when it is no text, number or date."""
    if not isinstance(value, _PRINTED):
        raise ValueError("这是一组数据或一个函数，不是文字或数字")
    return str(value)


@pass_environment
def _join_filter(environment: Sandbox, values: Iterable[Any], separator: str = "") -> str:
    parts = list(chain.from_iterable((separator, part) for part in values))
    return environment.joined(*parts[1:])


def _trim_filter(value: str, characters: str | None = None) -> str:
    _check_stripped(characters)
    return value.strip(characters)


def _check_stripped(characters: Any) -> None:
    """Raise when so many *characters* are to be stripped that looking for them takes long."""
    if isinstance(characters, str) and len(characters) > _MAX_STRIPPED:
        raise OverflowError


def _bounded_range(*args: int) -> range:
    numbers = range(*args)
    if len(numbers) > _MAX_RANGE:
        raise OverflowError
    return numbers


def _counting(function: Function) -> Function:
    """Return *function* wrapped so that the sizes of its arguments and its result are counted."""

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        evaluation = current()
        evaluation.spend(_CALL, 0)
        for value in (*args, *kwargs.values()):
            evaluation.weigh(value)
        result = function(*args, **kwargs)
        evaluation.keep(result)
        return result

    return counted


class _IncludedFiles(BaseLoader):
    """Loads included templates from the files of the current evaluation."""

    def load(self, environment: Any, name: str, _: Any = None) -> Template:
        """Return the template called *name*; raises TemplateNotFound if there is none."""
        source = current().files(name)
        if source is None:
            raise TemplateNotFound(name)
        return compiled(environment, source)


def _unchanged(text: str, _: bool) -> str:
    return text


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment for one kind of template.

    *more_filters* and *functions* are added to those of every template.  *autoescape* returns,
    for the file name of a template, whether it is HTML.  *clean* is applied to each printed text
    that is not marked as HTML; its second argument is whether the text will be escaped.  *show*
    returns the text of a value that is joined with others.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(
        self,
        more_filters: Mapping[str, Function],
        functions: Mapping[str, Function],
        *,
        undefined: type[Undefined] = Missing,
        autoescape: bool | Callable[[str | None], bool] = False,
        clean: Callable[[str, bool], str] = _unchanged,
        show: Callable[[Any], str] = text_of,
    ) -> None:
        super().__init__(
            undefined=undefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=autoescape,
            optimized=False,  # evaluate constant expressions at run time, where they are bounded
            cache_size=0,
            loader=_IncludedFiles(),
            finalize=self._finish,
        )
        self._clean = clean
        self._show = show
        known = {name: filters.FILTERS[name] for name in _PLAIN_FILTERS}
        known |= {"join": _join_filter, "trim": _trim_filter, **more_filters}
        self.filters = {name: _counting(function) for name, function in known.items()}
        tests: dict[str, Any] = dict(self.tests)
        self.tests = {name: _counting(function) for name, function in tests.items()}
        self.globals = {**functions, "range": _bounded_range}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        Counter().visit(tree)
        return tree

    def spend(self, steps: int, size: int) -> bool:
        """Count to the current evaluation; return True for use in a condition."""
        current().spend(steps, size)
        return True

    def joined(self, *parts: Any) -> str:
        """Return the joined texts of *parts*, bounded; this is the operator ``~``.

        If any part is HTML, the others are escaped.
        """
        texts = [part if hasattr(part, "__html__") else self._show(part) for part in parts]
        size = sum(map(len, texts))
        if size > _MAX_TEXT:
            raise OverflowError
        result = markup_join(texts)
        current().keep(result)
        return result

    def weighed(self, value: Any) -> Any:
        """Return *value* after its elements were counted: what is compared or hashed."""
        current().weigh(value)
        return value

    def kept(self, value: Any) -> Any:
        """Return *value*, which is new in memory, after its elements were counted."""
        current().keep(value)
        return value

    @pass_eval_context
    def _finish(self, context: EvalContext, value: Any) -> str:
        """Return the text printed for *value*, and count it."""
        text = value if isinstance(value, str) else text_of(value)
        current().spend(0, len(text))
        return text if hasattr(text, "__html__") else self._clean(text, bool(context.autoescape))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the item *attribute* of a mapping, or else an allowed method."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        allowed = not attribute.startswith("_") and (
            isinstance(obj, LoopContext)
            or any(isinstance(obj, kind) and attribute in names for kind, names in _METHODS.items())
        )
        if allowed and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return the item *argument* of *obj*; attributes are not looked up."""
        current().weigh(argument)
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja2's signature keeps keywords free
        """Call what the template names; what it gives to it is counted.

        What it gets is small, or belongs to the data: a picture is no work of the template.
        """
        evaluation = current()
        evaluation.spend(_CALL, 0)
        if getattr(__obj, "__name__", "") == "strip":
            _check_stripped(*args[:1])
            evaluation.keep(__obj.__self__)
        for value in (*args, *kwargs.values()):
            evaluation.weigh(value)
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of an operation with numbers, or of joining texts, within bounds."""
        _check_operands(operator, left, right)
        if operator == "**":
            current().spend(_POWER, 0)
        result = super().call_binop(context, operator, left, right)
        current().keep(result)
        return result


def _check_operands(operator: str, left: Any, right: Any) -> None:
    """Raise TypeError for operands that are not allowed, OverflowError for too large ones."""
    if operator == "+" and isinstance(left, str | list | tuple):
        if not isinstance(right, type(left)) or len(left) + len(right) > _MAX_TEXT:
            raise TypeError
        return
    if not all(isinstance(value, int | float | Decimal) for value in (left, right)):
        raise TypeError
    sizes = [abs(value).bit_length() if isinstance(value, int) else 100 for value in (left, right)]
    if max(sizes) > _MAX_BITS or (operator == "**" and abs(right) > 10):
        raise OverflowError


@functools.lru_cache(maxsize=64)
def compiled(environment: Sandbox, source: SourceFile) -> Template:
    """Return the compiled template *source*; raises one of SyntaxProblem."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of Python, about the template's code
        code = environment.compile(source.text, PurePath(source.path).name, source.path)
    return Template.from_code(environment, code, environment.globals)


_UNKNOWN_WORD = re.compile("(?:No (filter|test) named|Encountered unknown (tag)) '(.*?)'")
_WORDS = {"filter": "过滤器", "test": "判断", "tag": "标记"}
_UNCLOSED = "Unexpected end of template"


def run_pieces(
    environment: Sandbox, source: SourceFile, data: Mapping[str, object], evaluation: Evaluation
) -> Iterator[str]:
    """Yield the output of *source*, evaluated with *data*, in pieces.

    Raises EnvironmentProblem, naming file and line, if the template or one that it includes is
    wrong.
    """
    try:
        template = compiled(environment, source)
        pieces = template.root_render_func(template.new_context(dict(data)))
        while True:
            with counted_to(evaluation):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    except EnvironmentProblem:  # a picture that can no longer be read
        raise
    except Exception as error:  # an expression can raise anything
        raise _problem(error, source) from error


def _problem(error: Exception, source: SourceFile) -> EnvironmentProblem:
    path, line = _place(error) or (source.path, 0)
    place = f"{path}:{line}" if line else path
    hint = "检查模板的这一行；删去这个文件，就改用随程序提供的模板"
    return EnvironmentProblem(f"{place} 模板有误：{reason(error)}", hint)


def _place(error: Exception) -> tuple[str, int] | None:
    """Return the file and the line of the innermost template in which *error* was raised."""
    if isinstance(error, TemplateSyntaxError):
        return (error.filename, error.lineno) if error.filename else None
    found, step = None, error.__traceback__
    while step:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = str(template.filename), template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    return found


def reason(error: Exception) -> str:
    """Return the reason for *error*, raised by compiling or evaluating a template, in Chinese."""
    if isinstance(error, TemplateSyntaxError):
        return _syntax_reason(error.message or "")
    if isinstance(error, TemplateNotFound):
        return f"没有找到它引用的文件“{error.name}”"
    if isinstance(error, UndefinedError | ValueError) and not str(error).isascii():
        return str(error)
    if isinstance(error, TooMuch):
        return "产生的内容过多，或者循环太久，已停止"
    if isinstance(error, RecursionError):
        return "嵌套过深，或者引用了自己"
    if isinstance(error, ZeroDivisionError) or [DivisionUndefined] in error.args:  # 0/0
        return "除数为零"
    if isinstance(error, TypeError):
        return "参与计算的内容不是数字，或参数个数不对"
    if isinstance(error, ArithmeticError):
        return "数字、文字或循环次数过大"
    return "写法不受支持"


def _syntax_reason(message: str) -> str:
    if found := _UNKNOWN_WORD.match(message):
        return f"没有名为“{found[3]}”的{_WORDS[found[1] or found[2]]}"
    if message.startswith(_UNCLOSED):
        return "标记没有成对，缺少 {% endif %}、{% endfor %} 之类的结尾"
    return "写法有误，检查括号、引号和标记是否成对"
