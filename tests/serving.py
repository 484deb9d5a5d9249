"""A service on this machine: real sockets, bodies as they are given to it, and bad manners on request."""

import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DRIP_SECONDS = 0.05


@dataclass(frozen=True)
class Reply:
    """What the service sends, and how: `manner` is whole, cut (half the body), drip (a byte now and then), slow
    (headers a byte now and then), hang_up (nothing at all). A header of None is left out."""

    body: bytes = b"{}"
    status: int = 200
    content_type: str | None = "application/json"
    headers: dict[str, str | None] = field(default_factory=dict)
    manner: str = "whole"


@dataclass(frozen=True)
class Asked:
    """What came in."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


Answering = Reply | Callable[[Asked], Reply]


class Serving:
    """Replies by path; of several the last is repeated. `asked` is every request in its order."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Answering]] = {}
        self.asked: list[Asked] = []
        serving = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                serving._answer(self)

            def do_POST(self) -> None:
                serving._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def serve(self, path: str, *replies: Answering) -> str:
        """Puts replies at a path and returns its URL."""
        self.replies[path] = list(replies)
        return self.url + path

    def encrypt(self, certificate: Path) -> str:
        """Speaks TLS from now on, with the certificate and key of a file; returns the new URL."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = self.url.replace("http:", "https:")
        return self.url

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            handler.command,
            parts.path,
            parse_qs(parts.query),
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        self.asked.append(asked)
        waiting = self.replies.get(parts.path, [Reply(b"", 404)])
        reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        with suppress(OSError):  # who asked may have gone
            _send(handler, reply if isinstance(reply, Reply) else reply(asked))
        handler.close_connection = True


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.manner == "hang_up":
        return
    headers: dict[str, str | None] = {
        "Content-Length": str(len(reply.body)),
        "Connection": "close",
        **reply.headers,
    }
    if reply.content_type:
        headers["Content-Type"] = reply.content_type
    head = f"HTTP/1.1 {reply.status} X\r\n" + "".join(
        f"{name}: {text}\r\n" for name, text in headers.items() if text is not None
    )
    _write(handler, head.encode() + b"\r\n", reply.manner == "slow")
    body = reply.body[: len(reply.body) // 2] if reply.manner == "cut" else reply.body
    _write(handler, body, reply.manner == "drip")


def _write(handler: BaseHTTPRequestHandler, content: bytes, drip: bool) -> None:
    for part in (content[at : at + 1] for at in range(len(content))) if drip else (content,):
        handler.wfile.write(part)
        handler.wfile.flush()
        if drip:
            time.sleep(DRIP_SECONDS)
