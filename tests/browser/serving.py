"""A site in memory served on loopback, with the header that docs/page.md asks for."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reminder.report.site.pages import CONTENT_SECURITY_POLICY

KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "xml": "application/atom+xml",
}


@contextmanager
def serve(files: Mapping[str, bytes]) -> Iterator[str]:
    """The address of the site, with a slash at its end."""

    class Handler(BaseHTTPRequestHandler):
        """Answers with a file of the site."""

        def do_GET(self) -> None:
            """A file, or 404."""
            content = files.get(self.path.lstrip("/").partition("?")[0])
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Type", KINDS.get(self.path.rpartition(".")[2], "application/octet-stream"))
            self.send_header("Content-Security-Policy", f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'")
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Nothing: the tests say what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
