"""The web server of ``preview --watch``: one page for one user on the same machine.

It listens only on 127.0.0.1 and serves a few fixed paths, none of which is a file name.
Requests whose ``Host`` is not this machine are refused, which prevents DNS rebinding by web
pages.  The page polls for the next state (long polling): the answer is delayed until there is
one, and a lost connection is replaced by the next request.  The threads share the state by a
:class:`Board`.
"""

from __future__ import annotations

import contextlib
import hashlib
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reportgen.files import resolved
from reportgen.findings_text import ShownFinding
from reportgen.preview.marks import CellTip, FindingMark
from reportgen.preview.preview import PagePictures, can_draw
from reportgen.problems import EnvironmentProblem, system_reason

ADDRESS = "127.0.0.1"
WAIT_SECONDS = 20.0
"""The longest delay of an answer if the state does not change."""

_PAGE = Path(__file__).resolve().with_name("page")
_SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@contextlib.contextmanager
def serve(board: Board, ports: Sequence[int]) -> Iterator[str]:
    """Serve *board* on the first free one of *ports* within the ``with`` block; yield the address.

    0 stands for any free port.  Raises EnvironmentProblem if none of *ports* can be used.
    """
    server = _open_server(board, ports)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://{ADDRESS}:{server.server_address[1]}/"
    finally:
        board.close()
        server.shutdown()
        server.server_close()
        thread.join()


def own_ports(folder: Path) -> tuple[int, ...]:
    """Return the ports for the preview of *folder*: its own, the next ones, at last any.

    The first follows from the path of the folder, so that the address of its preview stays the
    same from run to run.  They lie below those that systems give to outgoing connections.
    """
    digest = hashlib.sha256(str(resolved(folder)).encode("utf-8", "surrogatepass")).digest()
    own = _FIRST_PORT + int.from_bytes(digest[:4], "big") % _PORTS
    return (*range(own, own + _TRIED), 0)


_FIRST_PORT, _PORTS, _TRIED = 20_000, 10_000, 10


def _open_server(board: Board, ports: Sequence[int]) -> _Server:
    for port in ports:
        try:
            return _Server(board, port)
        except OSError as error:
            refused = error
    raise EnvironmentProblem(
        f"端口 {ports[-1]} 不能使用：{system_reason(refused)}",
        "换一个端口，或不写 --port，由程序选一个空闲的",
    ) from refused


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The server; not ``HTTPServer``, which looks up the machine's name on the network."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # on Windows it would share a port in use

    def __init__(self, board: Board, port: int) -> None:
        self.board = board
        super().__init__((ADDRESS, port), _Handler)
        here = self.server_address[1]
        self.hosts = frozenset({f"{ADDRESS}:{here}", f"localhost:{here}"})

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors, such as a browser that closes the connection."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: _Server
    server_version = "reportgen"
    sys_version = ""
    timeout = 30  # seconds to wait for the request

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer a HEAD."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because the terminal is used for the findings."""

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            self._refuse(HTTPStatus.FORBIDDEN, "只能从本机访问")
        elif path in _FILES:
            self._send(*_FILES[path], {"Content-Security-Policy": _PAGE_POLICY})
        elif path in _ROUTES and (found := _ROUTES[path](self.server.board, _numbers(query))):
            self._send(*found)
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "没有这个页面")

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        self._send("text/plain; charset=utf-8", f"{reason}\n".encode(), status=status)

    def _send(
        self,
        kind: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        self.send_response_only(status)
        for name, value in {**_SECURITY, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _numbers(query: str) -> dict[str, int]:
    """Return the parameters of *query* that are non-negative integers; none if there are many."""
    try:
        given = parse_qs(query, max_num_fields=8)
    except ValueError:
        return {}
    return {name: int(v[0]) for name, v in given.items() if v[0].isdecimal() and len(v[0]) < 10}


_Found = tuple[str, bytes] | None


def _state(board: Board, given: Mapping[str, int]) -> _Found:
    state = board.wait(given.get("after", -1), WAIT_SECONDS)
    return "application/json", msgspec.json.encode(state)


def _draft(board: Board, _given: Mapping[str, int]) -> _Found:
    pdf = board.pdf
    return ("application/pdf", pdf) if pdf else None


def _page(board: Board, given: Mapping[str, int]) -> _Found:
    picture = board.page(given.get("n", 0))
    return ("image/png", picture) if picture else None


_ROUTES: Mapping[str, Callable[[Board, Mapping[str, int]], _Found]] = {
    "/state": _state,
    "/draft.pdf": _draft,
    "/page.png": _page,
}
_FILES: Mapping[str, tuple[str, bytes]] = {
    path: (f"{kind}; charset=utf-8", (_PAGE / file).read_bytes())
    for path, file, kind in (
        ("/", "preview.html", "text/html"),
        ("/preview.css", "preview.css", "text/css"),
        ("/preview.js", "preview.js", "text/javascript"),
    )
}


_QUICK = 1  # zlib's fastest level, because each picture is sent only once


class State(Struct, frozen=True):
    """What the page shows, except the draft itself."""

    revision: int = 0
    """A number that grows with every change."""
    name: str = ""
    """The name of the report folder."""
    draft: str = ""
    """The hash of the draft; empty if there is none yet."""
    pages: int = 0
    """The number of pages of the draft; 0 if pages cannot be rendered as pictures."""
    is_building: bool = False
    trouble: str = ""
    """Why the last build gave no draft; empty if it did."""
    hint: str = ""
    """What to do about it."""
    summary: str = ""
    """The number of findings, as text."""
    findings: tuple[ShownFinding, ...] = ()
    """The findings, with the numbers by which the draft marks them."""
    marks: tuple[FindingMark, ...] = ()
    """Where the pages show these numbers."""
    cells: tuple[CellTip, ...] = ()
    """What is said of cells of the tables: last year's number."""
    unused_pictures: tuple[str, ...] = ()
    """The pictures in the report folder that the report does not show, by their paths in it."""
    unread_files: tuple[str, ...] = ()
    """The other files in it that nothing is read from."""
    built_at: str = ""
    """The time of the last build, as text."""


class Board:
    """The current state and draft; safe to use from several threads."""

    def __init__(self, name: str) -> None:
        self._changed = threading.Condition()
        self._drawing = threading.Lock()  # PDFium is not thread-safe
        self._state = State(name=name)
        self._pdf = b""
        self._pictures: PagePictures | None = None
        self._is_closed = False

    @property
    def pdf(self) -> bytes:
        """The last draft; empty if there is none yet."""
        with self._changed:
            return self._pdf

    def page(self, number: int) -> bytes:
        """Return page *number* (from 1) of the last draft as a PNG; empty if there is none."""
        with self._drawing:
            if self._pictures and 1 <= number <= self._pictures.count:
                return self._pictures.png(number, compression=_QUICK)
            return b""

    def post(self, **changes: Any) -> State:
        """Change fields of the state, notify waiting threads, and return the new state."""
        with self._changed:
            state = replace(self._state, revision=self._state.revision + 1, **changes)
            self._state = state
            self._changed.notify_all()
        return state

    def post_draft(self, pdf: bytes, **changes: Any) -> State:
        """Set the draft to *pdf*, change fields of the state, and return the new state."""
        digest = hashlib.sha256(pdf).hexdigest()[:16]
        with self._drawing:
            if self._pictures:
                self._pictures.close()
            self._pictures = PagePictures(pdf) if can_draw() else None
            pages = self._pictures.count if self._pictures else 0
        with self._changed:
            self._pdf = pdf
            return self.post(draft=digest, pages=pages, **changes)

    def wait(self, known: int, seconds: float) -> State:
        """Return the state when its revision is not *known*, at the latest after *seconds*."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._state.revision != known, timeout=seconds
            )
            return self._state

    def close(self) -> None:
        """Release all waiting threads."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
