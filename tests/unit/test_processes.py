"""A process begins fast, and nothing else is different in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = "import sys; from reportgen.processes import begin_process; begin_process(); "


def told(program: str) -> str:
    """Return what *program* prints in a process that has begun."""
    run = subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="typing lacks something before")
def test_msgspec_is_loaded_without_inspect() -> None:
    assert told("print('msgspec' in sys.modules, 'inspect' in sys.modules)") == "True False"


def test_typing_extensions_can_still_be_loaded() -> None:
    assert told("import typing_extensions as t; print(t.__name__)") == "typing_extensions"


def test_values_come_back_from_their_bytes() -> None:
    program = (
        "import msgspec; from reportgen.styles import PageGeometry as P\n"
        "p = P(*range(1, 1 + len(P.__struct_fields__)))\n"
        "print(msgspec.msgpack.decode(msgspec.msgpack.encode(p), type=P) == p)"
    )
    assert told(program) == "True"


def test_garbage_is_looked_for_rarely() -> None:
    assert told("import gc; print(gc.get_threshold()[0], gc.isenabled())") == "500000 True"


def test_a_written_docx_leaves_nothing_behind_when_its_report_ends() -> None:
    program = """
import gc, io, docx
from docx.opc.part import Part
from reportgen.processes import end_report
docx.Document().save(io.BytesIO())
parts = lambda: sum(isinstance(item, Part) for item in gc.get_objects())
print(parts() > 0, end=" ")
end_report()
print(parts())
"""
    assert told(program) == "True 0"
