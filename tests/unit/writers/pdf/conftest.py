"""The sample of these tests as an opened PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
import pytest

from tests.unit.writers.pdf import pdf_sample


@pytest.fixture(scope="module")
def opened() -> Iterator[Any]:
    """Yield the sample as pdfplumber has opened it."""
    with pdfplumber.open(io.BytesIO(pdf_sample.written())) as file:
        yield file
