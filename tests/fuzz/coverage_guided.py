"""The targets of the campaign, guided by coverage, where atheris installs.

    python -m tests.fuzz.coverage_guided data -max_total_time=60
    python -m tests.fuzz.coverage_guided narrative build/corpus -max_total_time=600

The first word is the target, the rest goes to libFuzzer.  Any exception is a find; libFuzzer
itself watches time and memory, by the bar of the campaign.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reportgen"]):  # libraries would take minutes
    from tests.fuzz.campaign import MEGABYTES, SECONDS
    from tests.fuzz.mutation import LONGEST
    from tests.fuzz.targets import TARGETS, known

LIMITS = [f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LONGEST}"]


def main(arguments: list[str]) -> None:
    """Fuzz the target named first until libFuzzer's options say stop."""
    (name,) = known(arguments[1:2]) if arguments[1:] else known([""])
    target = TARGETS[name]

    def read(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            target.run(data, Path(folder))

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds()):
            Path(corpus, f"{number}").write_bytes(seed)
        atheris.Setup([arguments[0], *LIMITS, *arguments[2:], corpus], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
