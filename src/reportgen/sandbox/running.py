"""Templates evaluated, and what is wrong with one said in Chinese, with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from reportgen.problems import EnvironmentProblem
from reportgen.sandbox.bounds import Evaluation, TooMuch, counted_to
from reportgen.sandbox.environment import Sandbox, compiled
from reportgen.source import SourceFile

_UNKNOWN_WORD = re.compile("(?:No (filter|test) named|Encountered unknown (tag)) '(.*?)'")
_WORDS = {"filter": "过滤器", "test": "判断", "tag": "标记"}
_UNCLOSED = "Unexpected end of template"


def run_pieces(
    environment: Sandbox, source: SourceFile, data: Mapping[str, object], evaluation: Evaluation
) -> Iterator[str]:
    """Yield *source* evaluated with *data*, piece by piece as they are made.

    Raises EnvironmentProblem, naming file and line, when anything is wrong with the template
    or one that it includes.
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
    except Exception as error:  # whatever an expression can raise
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
    """Return in Chinese why compiling or evaluating a template raised *error*."""
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
    if isinstance(error, ZeroDivisionError):
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
