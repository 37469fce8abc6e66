"""Who looks at the service from outside: a page of figures for Prometheus, and calls to a dead man's switch.

Nothing here may disturb the service: where the figures cannot be served, that is logged and the mails go on. No figure has a label
that names a person, a party or a mail.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import structlog

from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.edges.pinging import Pinger
from reminder.errors import ReminderError
from reminder.flows.house import House
from reminder.service.health import Health, measure_health

log = structlog.get_logger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The text format of Prometheus."""


@dataclass(slots=True)
class Lookout:
    """Called after each pass. The page is opened at the first one, when the database is known to be there."""

    place: tuple[str, int] | None = None
    pinger: Pinger | None = None
    server: ThreadingHTTPServer | None = None
    _is_tried: bool = field(default=False, repr=False)

    def look(self, house: House) -> None:
        """Serves the page, and calls the switch where nothing is red. Raises nothing for what the world does."""
        if self.place is not None and not self._is_tried:
            self._is_tried = True
            self.server = serve_figures(house, self.place)
        if self.pinger is None:
            return
        try:
            is_healthy = measure_health(house).is_ok
        except ReminderError as failure:
            log.warning("health could not be measured", reason=failure.message)
            return
        if is_healthy:
            self.pinger.ping()

    def close(self) -> None:
        """Ends the page."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()


def serve_figures(house: House, place: tuple[str, int]) -> ThreadingHTTPServer | None:
    """The page in threads of its own, which end with the process; None where the place cannot be had."""

    class Page(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            try:
                health = measure_health(house)
            except ReminderError:
                self.send_error(503)
                return
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE, write_figures(health))
            elif self.path == "/healthz":
                self._answer(200 if health.is_ok else 503, "text/plain; charset=utf-8", "ok\n" if health.is_ok else "red\n")
            else:
                self.send_error(404)

        def _answer(self, status: int, kind: str, text: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Scrapes are not logged."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    try:
        server = Server(place, Page)
    except OSError as error:
        log.warning("figures cannot be served", reason=error.strerror)
        return None
    threading.Thread(target=server.serve_forever, name="figures", daemon=True).start()
    log.info("figures are served", port=server.server_address[1])
    return server


def write_figures(health: Health) -> str:
    """The figures in the text format of Prometheus."""
    return "".join(f"{line}\n" for line in _lines(health))


def _lines(health: Health) -> Iterator[str]:
    for name, text, value in (
        ("healthy", "Whether nothing is red.", float(health.is_ok)),
        ("armed", "Whether anything may go out.", float(health.figures["armed"] == "yes")),
        ("paused", "Whether a pause is in force.", float(health.figures["paused"] == "yes")),
        ("clock_sane", "Whether the clock can be believed.", float(health.is_clock_sane)),
        ("last_poll_timestamp_seconds", "When the mailbox was last read.", health.polled_at and health.polled_at.timestamp()),
        ("last_backup_timestamp_seconds", "When a backup was last made.", health.backed_up_at and health.backed_up_at.timestamp()),
        ("certificate_end_timestamp_seconds", "When the certificate ends.", health.login_ends_at and health.login_ends_at.timestamp()),
        ("oldest_open_age_seconds", "Age of the oldest mail, in or out, that is due and not final.", health.oldest_open_seconds),
    ):
        if value is not None:
            yield from (f"# HELP reminder_{name} {text}", f"# TYPE reminder_{name} gauge", f"reminder_{name} {value:.3f}")
    yield from ("# HELP reminder_outbox_messages Mails that go out, by state.", "# TYPE reminder_outbox_messages gauge")
    yield from (f'reminder_outbox_messages{{state="{state}"}} {health.outgoing.get(state, 0)}' for state in OutboxState)
    yield from (
        "# HELP reminder_outbox_ambiguous_resend_total Mails sent again, byte for byte, since nobody knew whether they had gone.",
        "# TYPE reminder_outbox_ambiguous_resend_total counter",
        f"reminder_outbox_ambiguous_resend_total {health.ambiguous_resends}",
    )
    yield from ("# HELP reminder_inbox_messages Mails that came in, by state.", "# TYPE reminder_inbox_messages gauge")
    yield from (f'reminder_inbox_messages{{state="{state}"}} {health.incoming.get(state, 0)}' for state in InboundState)
