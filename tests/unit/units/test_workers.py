"""Tests of the workers: a few jobs at a time, crashes, progress."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from reportgen.problems import EnvironmentProblem
from reportgen.units.workers import (
    CRASHED,
    Progress,
    attempt,
    duration,
    open_pool,
    process_pool,
    run_jobs,
)

JOBS = [f"单位{number}" for number in range(10)]
DONE = "做好了"


def lost(job: str, message: str) -> tuple[str, str]:
    return job, message


def test_only_a_few_jobs_are_under_way_at_a_time() -> None:
    lock, under_way, most = threading.Lock(), [0], [0]
    handed_on: list[int] = []

    def work(job: int) -> int:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            handed_on.append(job)
        time.sleep(0.001)
        with lock:
            under_way[0] -= 1
        return job

    results = run_jobs(range(50), ThreadPoolExecutor(8), work, lambda job, _: job, window=3)
    next(results)
    assert len(handed_on) <= 6
    assert len(list(results)) == 49
    assert most[0] <= 3


def test_once_stopped_no_other_job_is_begun() -> None:
    stopped = threading.Event()
    results = run_jobs(
        range(50), ThreadPoolExecutor(1), abs, lambda job, _: job, stopped=stopped.is_set
    )
    first = next(results)
    stopped.set()
    assert 1 <= len([first, *results]) <= 4


def test_what_an_executor_of_another_kind_raises_is_a_result() -> None:
    def work(job: str) -> tuple[str, str]:
        if job == "单位2":
            raise MemoryError("full")
        return job, DONE

    results = dict(run_jobs(JOBS, ThreadPoolExecutor(1), work, lost))
    assert len(results) == len(JOBS)
    assert CRASHED in results["单位2"]


def crash_on_some(job: str) -> tuple[str, str]:
    """Kill the worker process at two of the jobs."""
    if job in ("单位3", "单位7"):
        os._exit(11)
    return job, DONE


def test_a_crashed_process_names_its_job_and_the_rest_goes_on() -> None:
    renew = partial(process_pool, 2)
    results = list(run_jobs(JOBS, renew(), crash_on_some, lost, window=4, renew=renew))
    assert sorted(job for job, _ in results) == JOBS
    failed = {job: message for job, message in results if message != DONE}
    assert failed == {"单位3": CRASHED, "单位7": CRASHED}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (EnvironmentProblem("没有找到", "检查"), "没有找到"),
        (PermissionError(13, "no", "a.ttf"), "无法读写文件 a.ttf：没有权限"),
        (MemoryError(), "内存不足"),
        (ZeroDivisionError("zero"), "程序内部出错（ZeroDivisionError：zero）"),
    ],
)
def test_whatever_goes_wrong_with_one_job_is_its_result(error: Exception, message: str) -> None:
    def work(job: str) -> tuple[str, str]:
        raise error

    assert attempt("甲", work, lost) == ("甲", message)


def test_dask_not_installed_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(EnvironmentProblem, match="dask"), open_pool(2, "tcp://127.0.0.1:1"):
        pass


def test_progress_tells_count_rate_and_time_left() -> None:
    progress = Progress(10, now=100.0)
    progress.note(False, 101.0)
    progress.note(True, 102.0)
    assert progress.text().split("  ") == [
        "2/10",
        "失败 1",
        "每秒 1.0 份",
        "还需 8 秒",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 秒"), (75, "1 分 15 秒"), (7260, "2 小时 1 分")]
)
def test_durations_are_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text
