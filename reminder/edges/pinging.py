"""A call to a dead man's switch: it raises the alarm when the calls stop, so that a service that has died is noticed from outside."""

from __future__ import annotations

import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger(__name__)

LIMIT_SECONDS = 10.0
_REDIRECTED = 300
"""From here on the answer is no yes; a call that is led elsewhere is not followed."""


class Pinger:
    """Calls a URL at most once in `every_seconds`, from a thread of its own: a switch that hangs or fails never disturbs the service.

    What it answers is not read. Neither the URL nor any part of it is logged, since whoever knows it can feign health.
    """

    def __init__(self, url: str, *, every_seconds: float, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._url, self._every, self._limit = url, every_seconds, limit_seconds
        self._called_at: float | None = None
        self._thread: threading.Thread | None = None

    def ping(self) -> bool:
        """Begins a call where it is time for one and none is under way; whether it did. Returns at once."""
        now = monotonic()
        if self._called_at is not None and now - self._called_at < self._every:
            return False
        if self._thread is not None and self._thread.is_alive():
            return False
        self._called_at = now
        self._thread = threading.Thread(target=self._call, name="ping", daemon=True)
        self._thread.start()
        return True

    def wait(self, seconds: float) -> None:
        """Returns when the call that is under way has ended, at the latest after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _call(self) -> None:
        parts = urlsplit(self._url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        try:
            connection = kind(parts.hostname or "", parts.port, timeout=self._limit)
            try:
                connection.request(
                    "GET", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", headers={"User-Agent": "reminder"}
                )
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, ValueError, HTTPException) as error:
            log.warning("the dead man's switch could not be called", reason=type(error).__name__)
            return
        if status >= _REDIRECTED:
            log.warning("the dead man's switch refused the call", status=status)
