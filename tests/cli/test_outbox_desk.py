"""`outbox show`, `outbox retry` and `outbox settle` as an admin types them, after a relay that refused or fell silent."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cli.city import City
from tests.edges.scripted import CLOSE, ScriptedSmtp

GONE = "550 5.1.1 no such user\r\n"
TAKEN = "250 OK\r\n"


@contextmanager
def relay(city: City, answers: Mapping[str, str | list[str]]) -> Iterator[ScriptedSmtp]:
    """The requests of 14.2.2025 are due, and the relay answers by the script."""
    with ScriptedSmtp(answers) as server:
        city.set(SMTP_PORT=server.port)
        city.at("2025-02-03 12:00")
        assert city.run("--quiet", "arm", "--without-test").code == 0
        city.at("2025-02-14 09:00")
        assert city.run("announce").code == 0
        city.run("deliver")
        yield server


def only(city: City, state: str) -> dict[str, Any]:
    """The one mail in this state."""
    (row,) = city.run("--json", "outbox", "list", "--state", state).lines
    return row


def show(city: City, mail: str) -> dict[str, Any]:
    """All that is known of a mail."""
    shown: dict[str, Any] = city.run("--json", "outbox", "show", mail).document
    return shown


def history(city: City, kind: str) -> list[str]:
    """The documents of the lines of history of a kind."""
    with sqlite3.connect(city.folder / "reminder.db") as connection:
        return [row[0] for row in connection.execute("SELECT document FROM event WHERE kind = ?", (kind,))]


def test_a_mail_is_tried_anew_once_its_server_is_mended(city: City) -> None:
    """A dry run changes nothing; then the very same bytes go out, and the history says by whose word."""
    with relay(city, {"RCPT": [GONE, TAKEN]}) as server:
        failed = only(city, "failed")["id"]
        (attempt,) = show(city, failed)["attempts"]
        assert (attempt["result"], attempt["code"], attempt["dot"]) == ("failed", 550, None)
        meant = city.run("outbox", "show", failed, "--raw").out

        assert city.run("--json", "outbox", "retry", failed, "--dry-run").document == {"would_be_queued_again": 1}
        assert only(city, "failed")["id"] == failed
        assert city.run("--json", "outbox", "retry", failed, "--because", "mended").document == {"queued_again": 1}
        assert city.run("--json", "deliver").document["accepted"] == 1

    assert server.mails[-1] == meant.encode()
    assert [one["result"] for one in show(city, failed)["attempts"]] == ["failed", "accepted"]
    (told,) = history(city, "mail_retried")
    assert failed in told
    assert "mended" in told


@pytest.mark.parametrize("deferred", ["451 4.3.0 later\r\n", GONE])
def test_a_mail_that_is_tried_anew_has_its_time_again(city: City, deferred: str) -> None:
    """Long after it was made it may still be put off; where it is refused again, it has failed again."""
    with relay(city, {"RCPT": [GONE, *[TAKEN] * 15, deferred]}):
        failed = only(city, "failed")["id"]
        city.at("2025-02-21 09:00")
        assert city.run("outbox", "retry", failed).code == 0
        city.run("deliver")

    assert show(city, failed)["state"] == ("failed" if deferred == GONE else "deferred")


def test_what_makes_no_sense_is_refused(city: City) -> None:
    """Exit code 2 and nothing changed: one that was sent, one whose time has passed, one whose recipient is no contact any more."""
    with relay(city, {"RCPT": [GONE, TAKEN]}):
        row = only(city, "failed")
    accepted = city.run("--json", "outbox", "list", "--state", "accepted").lines[0]["id"]
    refused = city.run("outbox", "retry", row["id"], accepted)
    assert (refused.code, "It was sent already, on 2025-" in refused.err) == (2, True)

    contacts = city.config / "contacts.yaml"
    contacts.write_text(contacts.read_text().replace(row["to"], "uusi@suvikoski.example"))
    refused = city.run("outbox", "retry", row["id"])
    assert (refused.code, "no longer a contact" in refused.err) == (2, True)
    city.at("2026-02-02 09:00")
    refused = city.run("outbox", "retry", row["id"])
    assert (refused.code, "Its time passed" in refused.err) == (2, True)
    assert only(city, "failed")["id"] == row["id"]
    assert history(city, "mail_retried") == []


@pytest.mark.fault("S11", "K6", "K7")
def test_a_person_who_knows_settles_it(city: City) -> None:
    """The answer to the dot was lost; the party says on the phone that it has the mail, so it is not sent again."""
    with relay(city, {".": [CLOSE, TAKEN]}) as server:
        lost = only(city, "unknown")["id"]
        assert city.run("--json", "outbox", "settle", lost, "--dry-run").document == {"would_be_settled": 1}
        assert city.run("--json", "outbox", "settle", lost, "--because", "she has it").document == {"settled": 1}
        taken = len(server.mails)
        city.at("2025-02-14 12:00")
        city.run("deliver")
        assert len(server.mails) == taken

    shown = show(city, lost)
    assert (shown["state"], shown["reason"], shown["resends"]) == ("accepted", "settled by hand: she has it", 0)
    assert lost in history(city, "mail_settled")[0]
    refused = city.run("outbox", "settle", lost)
    assert (refused.code, f"{lost} is accepted" in refused.err) == (2, True)


@pytest.mark.fault("K6")
def test_what_is_sent_again_is_counted(city: City) -> None:
    """Without evidence the same bytes go out after half an hour; health says how often that happened."""
    with relay(city, {".": [CLOSE, TAKEN]}):
        lost = only(city, "unknown")["id"]
        assert "sent_again" not in city.run("health").out
        city.at("2025-02-14 09:31")
        city.run("deliver")

    assert show(city, lost)["state"] == "accepted"
    assert [one["result"] for one in show(city, lost)["attempts"]] == ["unknown", "accepted"]
    assert "sent_again 1" in city.run("health").out


def test_why_names_the_mails_of_a_step(city: City) -> None:
    """Beside the date stands what became of the mail, in the reader's language."""
    with relay(city, {"RCPT": [GONE, TAKEN]}):
        pass

    told = city.run("--lang", "fi", "why", "2024", "kulttuuripaallikko", "request").out
    assert re.search(r"postipalvelin otti vastaan|ei mennyt perille", " ".join(told.split()))
    assert city.run("why", "2024", "kulttuuripaallikko", "reminder").code == 0
