"""The time limit of a connection, whatever it is doing: waiting, shaking hands, or sending a byte now and then."""

import socket
import threading
from contextlib import suppress
from typing import Any, Self


class Deadline:
    """Ends the connection of an attempt when its time is over, also one that sends a byte now and then."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def notice(self, event: str, facts: dict[str, Any]) -> None:
        """Is told by the client what it does; keeps the connection."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = facts["return_value"].get_extra_info("socket")
            if self.is_over:
                self._end()

    def _end(self) -> None:
        self.is_over = True
        if self._socket:
            with suppress(OSError):
                # Not the method of a TLS socket, which is not meant for another thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
