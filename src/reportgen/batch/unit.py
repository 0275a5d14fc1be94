"""Building one report of a batch in a worker process, unless it is up to date.

A record of the inputs and outputs is written beside the outputs after them.  If a run is killed,
the next run skips the reports that have been completed.
"""

from __future__ import annotations

import contextlib
import hmac
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reportgen.api import Built, check_folder
from reportgen.diagnostics import Severity
from reportgen.files import read_file, write_whole
from reportgen.readers import OUTPUT_FOLDER, UNIT_RECORD, hash_file, hash_inputs, own_output
from reportgen.units import Head, Tally, Told, attempt, head_of, tally

_MAX_RECORD = 1_000_000


class Status(Enum):
    """The outcome of a report; the value is the word in the summary."""

    BUILT = "已生成"
    UNCHANGED = "未变动"
    FAILED = "失败"


class Unit(Struct, frozen=True):
    """A report to build."""

    name: str
    """The name in the summary."""
    folder: Path
    """The report folder."""
    out: Path
    """The output folder."""
    formats: tuple[str, ...] = ("docx", "pdf")
    draft: bool = False
    trust_templates: bool = False
    """Whether what the folder's own templates weaken is allowed; otherwise it is an error."""
    key: bytes = b""
    """The user's key for the record of the build; if it is empty, no record is trusted."""


class Outcome(Struct, frozen=True):
    """The outcome of a report."""

    name: str
    """The name in the summary."""
    status: Status
    findings: Tally = Tally()
    backups: tuple[str, ...] = ()
    """The new paths of hand-edited files, which were renamed."""
    head: Head | None = None
    """What the report says about itself; None if it could not be read."""
    files: tuple[str, ...] = ()
    """The paths of the finished files, whether they were written now or before."""

    @property
    def has_failed(self) -> bool:
        """Whether the report has errors, even if a draft was written."""
        return self.status is Status.FAILED


class _Record(Struct, frozen=True):
    """The record of the last build.

    Whoever made the report folder could also make the record, so it is authenticated with a key
    that only the user has.
    """

    inputs: str
    """The hash of the inputs."""
    outputs: Mapping[str, str]
    """The hash of each output file, by name."""
    seal: str = ""
    """The HMAC of the other fields."""

    def sealed(self, key: bytes) -> _Record:
        """Return the record with its HMAC by *key*."""
        words = msgspec.json.encode((self.inputs, self.outputs), order="sorted")
        return replace(self, seal=hmac.new(key, words, "sha256").hexdigest())

    def is_genuine(self, key: bytes) -> bool:
        """Return whether *key* is not empty and the record was sealed with it."""
        return bool(key) and hmac.compare_digest(self.seal, self.sealed(key).seal)


def build_unit(unit: Unit) -> Outcome:
    """Build *unit* unless it is up to date; what goes wrong is a failed outcome."""
    return attempt(unit, _build, broken)


def broken(unit: Unit, message: str) -> Outcome:
    """Return the outcome of a *unit* that could not be built at all.

    Paths in *message* are made relative to the report folder, because the summary is passed on.
    """
    for folder in (unit.folder, unit.out):
        message = message.replace(f"{folder}{os.sep}", "").replace(str(folder), unit.name)
    told = Told(Severity.ERROR, "", message)
    return Outcome(unit.name, Status.FAILED, Tally(errors=1, told=(told,)))


def _build(unit: Unit) -> Outcome:
    if unit.out == unit.folder / OUTPUT_FOLDER:
        own_output(unit.folder)
    inputs = hash_inputs(unit.folder, unit.out, _options(unit))
    own_templates = "trust" if unit.trust_templates else "refuse"
    checked = check_folder(unit.folder, own_templates=own_templates, key=unit.key)
    head = head_of(checked.report, checked.form) if checked.report and checked.form else None
    findings = tally(checked.diagnostics, unit.folder)
    record = _read_record(unit.out)
    if record and _is_up_to_date(unit, record, inputs) and (unit.draft or not findings.errors):
        status = Status.FAILED if findings.errors else Status.UNCHANGED
        files = tuple(str(unit.out / name) for name in record.outputs)
        return Outcome(unit.name, status, findings, (), head, files)
    built = checked.build(unit.out, formats=unit.formats, draft=unit.draft)
    findings = tally(built.diagnostics, unit.folder)
    if not built.written:
        return Outcome(unit.name, Status.FAILED, findings, (), head)
    _write_record(unit.out, _Record(inputs, _hashes(built)).sealed(unit.key))
    status = Status.FAILED if findings.errors else Status.BUILT
    backups = tuple(str(item.backup) for item in built.written if item.backup)
    files = tuple(str(item.path) for item in built.written)
    return Outcome(unit.name, status, findings, backups, head, files)


def _is_up_to_date(unit: Unit, record: _Record, inputs: str) -> bool:
    """Return whether *unit* was built last from *inputs* and its files are still there."""
    if record.inputs != inputs or not record.is_genuine(unit.key):
        return False
    return bool(record.outputs) and _is_complete(unit.out, record.outputs)


def _options(unit: Unit) -> tuple[str, ...]:
    return (*unit.formats, f"draft={unit.draft}", f"trust={unit.trust_templates}")


def _hashes(built: Built) -> dict[str, str]:
    return {item.path.name: hash_file(item.path) for item in built.written}


def _is_complete(out: Path, outputs: Mapping[str, str]) -> bool:
    """Return whether all files of the last build exist and are unchanged."""
    return all(hash_file(out / name) == digest for name, digest in outputs.items())


def _read_record(out: Path) -> _Record | None:
    """Return the record of the last build in *out*; None if there is none or it is damaged."""
    try:
        return msgspec.json.decode(read_file(out / UNIT_RECORD, _MAX_RECORD), type=_Record)
    except (OSError, ValueError):
        return None


def _write_record(out: Path, record: _Record) -> None:
    """Write *record* to *out*; an error is ignored, because the report is then just built again."""
    data = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
    with contextlib.suppress(OSError):
        write_whole(out / UNIT_RECORD, data)
