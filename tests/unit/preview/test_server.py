"""Tests of the server of ``preview --watch``: what it answers and what it refuses."""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from reportgen.diagnostics import Severity
from reportgen.findings_text import ShownFinding
from reportgen.preview import server as preview_server
from reportgen.preview.server import Board, own_ports, serve
from reportgen.problems import EnvironmentProblem

SCRIPT = '<script>alert("1")</script>'


def small_pdf(pages: int) -> bytes:
    """Return a PDF of so many empty pages."""
    stream = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        for _ in range(pages):
            document.new_page(100, 100).close()
        document.save(stream)
    return stream.getvalue()


@pytest.fixture
def board() -> Board:
    """Return a state whose name would be executed if it were not escaped."""
    return Board(SCRIPT)


@pytest.fixture
def port(board: Board) -> Iterator[int]:
    """Return the port at which ``board`` is served."""
    with serve(board, (0,)) as url:
        yield int(url.rsplit(":", 1)[1].rstrip("/"))


def ask(
    port: int, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Return the answer to one request and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def state_of(port: int, after: int | str = "") -> dict[str, Any]:
    answer, body = ask(port, f"/state?after={after}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return dict(json.loads(body))


def test_the_page_loads_nothing_from_elsewhere(port: int) -> None:
    answer, body = ask(port, "/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = body.decode()
    named = set(re.findall(r'(?:src|href)="([^"]*)"', page))
    assert named == {"data:,", "/preview.css", "/preview.js", "/draft.pdf", "#draft"}
    for path in ("/preview.css", "/preview.js"):
        answer, body = ask(port, path)
        assert answer.status == 200
        assert not re.search(rb"https?:|url\(|@import|innerHTML", body)


def test_texts_travel_as_data_and_never_as_markup(port: int, board: Board) -> None:
    shown = ShownFinding(Severity.ERROR, "错误", "N1", SCRIPT, "正文.md:1", notes=(SCRIPT,))
    board.post(findings=(shown,))
    state = state_of(port)
    assert state["name"] == state["findings"][0]["message"] == SCRIPT
    assert SCRIPT.encode() not in ask(port, "/")[1]


def test_the_draft_and_its_pages_are_served_as_they_were_put_up(port: int, board: Board) -> None:
    for path in ("/draft.pdf", "/page.png?n=1"):
        assert ask(port, path)[0].status == 404
    pdf = small_pdf(pages=2)
    board.post_draft(pdf)
    state = state_of(port)
    assert (state["pages"], len(state["draft"])) == (2, 16)
    answer, body = ask(port, f"/draft.pdf?draft={state['draft']}")
    assert (answer.headers["Content-Type"], body) == ("application/pdf", pdf)
    answer, body = ask(port, "/page.png?n=2")
    assert answer.headers["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG")
    for number in ("0", "3", "-1", "x", "", "9" * 30):
        assert ask(port, f"/page.png?n={number}")[0].status == 404
    many = "&".join(f"n{number}=1" for number in range(20))
    assert ask(port, f"/page.png?{many}")[0].status == 404


def test_without_pypdfium2_there_are_no_page_pictures(
    port: int, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_server, "can_draw", lambda: False)
    board.post_draft(small_pdf(pages=2))
    assert state_of(port)["pages"] == 0
    assert ask(port, "/page.png?n=1")[0].status == 404


def test_who_asks_for_the_next_state_is_answered_when_it_comes(port: int, board: Board) -> None:
    known = state_of(port)["revision"]
    answers: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: answers.append(state_of(port, known)))
    waiting.start()
    board.post(summary="新的")
    waiting.join()
    assert answers[0]["summary"] == "新的"
    assert answers[0]["revision"] == known + 1


def test_who_waits_in_vain_is_answered_all_the_same(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_server, "WAIT_SECONDS", 0.01)
    state = state_of(port)
    assert state_of(port, state["revision"]) == state


def test_the_end_of_the_preview_keeps_nobody_waiting(board: Board) -> None:
    with serve(board, (0,)) as url:
        waiting = threading.Thread(target=board.wait, args=(0, 600.0))
        waiting.start()
        assert url
    waiting.join()


@pytest.mark.parametrize("host", ["example.com", "example.com:{port}", "127.0.0.1", "127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/", "/state", "/draft.pdf"])
def test_a_request_addressed_to_another_machine_is_refused(port: int, path: str, host: str) -> None:
    assert ask(port, path, Host=host.format(port=port))[0].status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_this_machine_may_be_called_by_its_names(port: int, name: str) -> None:
    assert ask(port, "/", Host=f"{name}:{port}")[0].status == 200


@pytest.mark.parametrize(
    "path",
    ["/report.yaml", "/../report.yaml", "/preview_page/preview.js", "//x", "/draft.pdf/", "*"],
)
def test_only_the_paths_of_the_page_exist(port: int, path: str) -> None:
    assert ask(port, path)[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent_to_it(port: int, method: str) -> None:
    assert ask(port, "/", method)[0].status == 501


def test_head_is_get_without_the_body(port: int) -> None:
    full, body = ask(port, "/")
    answer, nothing = ask(port, "/", "HEAD")
    assert (answer.status, nothing) == (200, b"")
    assert answer.headers["Content-Length"] == full.headers["Content-Length"] == str(len(body))


def test_a_browser_that_hangs_up_disturbs_nobody(
    port: int,
    board: Board,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preview_server, "can_draw", lambda: False)
    board.post_draft(bytes(4_000_000))
    with socket.create_connection(("127.0.0.1", port)) as hasty:
        hasty.sendall(f"GET /draft.pdf HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode())
    with socket.create_connection(("127.0.0.1", port)) as hasty:
        hasty.sendall(f"GET /draft.pdf HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert ask(port, "/")[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_a_port_in_use_is_one_line(port: int, board: Board) -> None:
    with pytest.raises(EnvironmentProblem, match="正被其他程序占用"), serve(board, (port,)):
        pass


def test_the_address_stays_the_same_and_gives_way_to_another(tmp_path: Path, board: Board) -> None:
    ports = own_ports(tmp_path / "某局-2025")
    assert ports == own_ports(tmp_path / "别处" / ".." / "某局-2025")
    assert ports != own_ports(tmp_path / "某局-2024")
    assert ports[-1] == 0  # any, when all of its own are taken
    with serve(board, ports) as first:
        assert int(first.rpartition(":")[2].strip("/")) in ports
        with serve(Board("另一份"), ports) as second:
            assert second != first
    with serve(Board("再来一次"), ports) as again:
        assert again == first
