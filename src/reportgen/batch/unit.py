"""One report of a batch: built, or left alone when nothing it depends on has changed.

Runs in a worker process.  The record of a report lies with its outputs and is
written after them, so a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import gc
import hmac
import os
import threading
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reportgen.api import Built, check_folder
from reportgen.diagnostics import Diagnostic, Severity, count_severities, sort_diagnostics
from reportgen.files import write_whole
from reportgen.findings_text import show_finding
from reportgen.problems import EnvironmentProblem, refused
from reportgen.readers import OUTPUT_FOLDER, UNIT_RECORD, hash_file, hash_inputs, own_output

_ONE_AT_A_TIME = threading.Lock()  # a Dask worker may have threads; a core builds one report


class Status(Enum):
    """What became of a report; the value is the word in the summary."""

    BUILT = "已生成"
    UNCHANGED = "未变动"
    FAILED = "失败"


class Unit(Struct, frozen=True):
    """One report to build: ``name`` as the summary shows it, ``folder`` → ``out``."""

    name: str
    folder: Path
    out: Path
    formats: tuple[str, ...] = ("docx", "pdf")
    draft: bool = False
    key: bytes = b""
    """The user's own key, which seals the record of what was built; empty: none is believed."""


class Tally(Struct, frozen=True):
    """How many findings a report has, and the first that matters, with its place."""

    errors: int = 0
    warnings: int = 0
    first: str = ""
    place: str = ""


class Outcome(Struct, frozen=True):
    """What became of a report; ``backups`` are hand-edited files that were kept."""

    name: str
    status: Status
    findings: Tally = Tally()
    backups: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether the report has errors, a draft written or not."""
        return self.status is Status.FAILED


class _Record(Struct, frozen=True):
    """What was built last: the hash of the inputs, and of each file by name.

    The record lies in a folder that may come from somebody else, who knows how both are made.
    So it is sealed with the user's key: one that the user's own program did not write is none.
    """

    inputs: str
    outputs: Mapping[str, str]
    seal: str = ""

    def sealed(self, key: bytes) -> _Record:
        """Return the same record with its seal by *key*."""
        words = msgspec.json.encode((self.inputs, self.outputs), order="sorted")
        return replace(self, seal=hmac.new(key, words, "sha256").hexdigest())

    def is_genuine(self, key: bytes) -> bool:
        """Return whether the record was sealed with *key*."""
        return bool(key) and hmac.compare_digest(self.seal, self.sealed(key).seal)


def build_unit(unit: Unit) -> Outcome:
    """Build *unit* unless it is up to date; whatever goes wrong is its outcome."""
    with _ONE_AT_A_TIME:
        try:
            return _build(unit)
        except EnvironmentProblem as problem:
            return broken(unit, problem.message)
        except OSError as error:
            return broken(unit, refused(error).message)
        except MemoryError:
            return broken(unit, "内存不足")
        except Exception as error:  # one report must never stop the others
            return broken(unit, f"程序内部出错（{type(error).__name__}：{error}）")
        finally:
            # python-docx leaves circles behind, and a worker hardly ever looks for garbage
            gc.collect(0)


def broken(unit: Unit, message: str) -> Outcome:
    """Return the outcome of *unit* when it could not be built at all, because of *message*.

    The summary is passed on, so paths in it begin in the report's folder.
    """
    for folder in (unit.out, unit.folder):
        message = message.replace(f"{folder}{os.sep}", "").replace(str(folder), unit.name)
    return Outcome(unit.name, Status.FAILED, Tally(errors=1, first=message))


def _build(unit: Unit) -> Outcome:
    if unit.out == unit.folder / OUTPUT_FOLDER:
        own_output(unit.folder)
    inputs = hash_inputs(unit.folder, unit.out, (*unit.formats, f"draft={unit.draft}"))
    checked = check_folder(unit.folder)
    findings = _tally(checked.diagnostics, unit.folder)
    if _is_up_to_date(unit, inputs) and (unit.draft or not findings.errors):
        status = Status.FAILED if findings.errors else Status.UNCHANGED
        return Outcome(unit.name, status, findings)
    built = checked.build(unit.out, formats=unit.formats, draft=unit.draft)
    findings = _tally(built.diagnostics, unit.folder)
    if not built.written:
        return Outcome(unit.name, Status.FAILED, findings)
    _write_record(unit.out, _Record(inputs, _hashes(built)).sealed(unit.key))
    status = Status.FAILED if findings.errors else Status.BUILT
    backups = tuple(str(item.backup) for item in built.written if item.backup)
    return Outcome(unit.name, status, findings, backups)


def _is_up_to_date(unit: Unit, inputs: str) -> bool:
    """Return whether *unit* was built last from *inputs* and its files are still there."""
    record = _read_record(unit.out)
    if record is None or record.inputs != inputs or not record.is_genuine(unit.key):
        return False
    return bool(record.outputs) and _is_complete(unit.out, record.outputs)


def _hashes(built: Built) -> dict[str, str]:
    return {item.path.name: hash_file(item.path) for item in built.written}


def _is_complete(out: Path, outputs: Mapping[str, str]) -> bool:
    """Return whether every file written last is still there as it was written."""
    return all(hash_file(out / name) == digest for name, digest in outputs.items())


def _tally(found: Sequence[Diagnostic], folder: Path) -> Tally:
    counts = count_severities(found)
    worst = next((s for s in (Severity.ERROR, Severity.WARNING) if counts[s]), None)
    first = next((item for item in sort_diagnostics(found) if item.severity is worst), None)
    shown = show_finding(first, folder) if first else None
    return Tally(
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        f"[{shown.code}] {shown.message}" if shown else "",
        shown.place if shown else "",
    )


def _read_record(out: Path) -> _Record | None:
    """Return what *out* says was built last; None when it says nothing that can be used."""
    try:
        return msgspec.json.decode((out / UNIT_RECORD).read_bytes(), type=_Record)
    except (OSError, ValueError):
        return None


def _write_record(out: Path, record: _Record) -> None:
    """Put *record* in *out*; without it the report is only built once more."""
    data = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
    with contextlib.suppress(OSError):
        write_whole(out / UNIT_RECORD, data)
