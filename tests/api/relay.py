"""A way to the database that can be cut, as a network or a restart cuts it."""

import contextlib
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Relay:
    """Forwards 127.0.0.1:`port` to the database of Django's settings, until `cut()`; again from `mend()` on."""

    def __init__(self, database: Mapping[str, Any]) -> None:
        self.database = database
        self.port = 0
        self.open: list[socket.socket] = []
        self.mend()

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        """No new connections, and an end to those there are."""
        self._end(self.listener)
        while self.open:
            self._end(self.open.pop())

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = self._far()
                self.open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=[source, sink], daemon=True).start()

    def _far(self) -> socket.socket:
        host, port = str(self.database["HOST"]), int(self.database["PORT"] or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(Path(host, f".s.PGSQL.{port}")))
        return far

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self._end(sink)

    def _end(self, ended: socket.socket) -> None:
        with contextlib.suppress(OSError):
            ended.shutdown(socket.SHUT_RDWR)
        ended.close()
