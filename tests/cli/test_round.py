"""A small round by hand: each step by its own command, on a real SMTP server, a Maildir and the rehearsal's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from reminder.sandbox.clients import gmail_web, plain
from reminder.sandbox.originals import Typed, Writer, read_original
from reminder.sandbox.servers import MailWorld, SentMail
from tests.cli.city import CULTURE, ZONE, City

WRITER = Writer(address=CULTURE, name="Kulttuuripäällikkö")


@pytest.fixture
def world(city: City) -> Iterator[MailWorld]:
    """A relay that takes everything."""
    with MailWorld() as world:
        city.set(SMTP_PORT=world.smtp_port)
        yield world


def ask(city: City) -> None:
    """Armed on 3.2.2025 after the notices, and the requests of 14.2.2025 are out."""
    city.at("2025-02-03 12:00")
    assert city.run("--quiet", "arm").code == 0
    city.at("2025-02-14 09:00")
    assert city.run("--json", "announce").document["announced"] == 16
    assert city.run("--json", "deliver").document["accepted"] == 16


_asked: list[tuple[bytes, tuple[SentMail, ...]]] = []
"""What `ask` left behind the first time: the database, and the mails that the relay took."""


def ask_once(city: City, world: MailWorld) -> None:
    """As `ask`, for many tests of the same files: from the second on, the database and the mails are put where they would be."""
    database = city.folder / "reminder.db"
    if not _asked:
        ask(city)
        assert not database.with_name("reminder.db-wal").exists()
        _asked.append((database.read_bytes(), tuple(world.sent)))
        return
    content, sent = _asked[0]
    database.write_bytes(content)
    world._sent.extend(sent)
    city.at("2025-02-14 09:00")


def answer(sent: SentMail, text: str) -> bytes:
    """The culture manager answers in a plain mail."""
    return plain(read_original(sent.raw), WRITER, Typed(top=text), datetime(2025, 2, 14, 10, 0, tzinfo=ZONE))


def request_of(world: MailWorld) -> SentMail:
    """The culture manager's request."""
    return next(mail for mail in world.sent if mail.recipient == CULTURE)


def kind_of(sent: SentMail) -> str:
    """The kind of a mail of ours."""
    return str(message_from_bytes(sent.raw)["X-Reminder-Kind"])


def test_the_steps_of_a_round_by_hand(city: City, world: MailWorld, tmp_path: Path) -> None:
    """Asked, answered, read, thanked, published; `status`, the desks and `explain` tell the same of it."""
    ask_once(city, world)
    city.receive(answer(request_of(world), "1.1: vihreä, valmis\n3.8: punainen"))
    city.receive(b"From: who@elsewhere.example\r\nSubject: A question\r\nMessage-ID: <q@elsewhere.example>\r\n\r\nWhat?\r\n", "2")

    assert city.run("--json", "collect", "--dry-run").document == {"would_fetch": 2}
    assert city.run("--json", "collect").document == {"captured": 2, "moved": 0}
    assert city.run("--json", "interpret", "--dry-run").document == {"would_read": 2}
    assert city.run("--json", "interpret").document == {"applied": 1, "held": 1}
    assert city.run("--json", "deliver", "--dry-run").document == {"would_send": 1}
    assert city.run("--json", "deliver").document["accepted"] == 1
    assert world.sent[-1].recipient == CULTURE
    assert city.run("--json", "publish", "--dry-run").document["is_changed"] is True
    assert not (city.folder / "site").exists()
    assert city.run("--json", "publish").document["is_changed"] is True
    assert city.run("--json", "publish").document["is_changed"] is False

    status = city.run("--json", "status", "--round", "2024")
    lights = {row["action"]: (row["light"], row["phase"]) for row in status.lines if row["party"] == "kulttuuripaallikko"}
    assert status.code == 3
    assert lights == {"1.1": ("green", "done"), "3.8": ("red", None), "1.10": (None, None)}
    mine = next(row for row in status.lines if row["party"] == "kulttuuripaallikko")
    assert mine["last_mail"].startswith("request")
    assert mine["next_mail"].startswith("reminder")

    held = city.run("--json", "inbox", "list", "--state", "held")
    assert held.code == 3
    assert [(row["from"], row["subject"]) for row in held.lines] == [("who@elsewhere.example", "A question")]
    assert city.run("inbox", "list", "--state", "applied").code == 0
    applied = city.run("--json", "inbox", "list", "--state", "applied").lines[0]["id"]
    shown = city.run("--json", "inbox", "show", str(applied)).document
    assert [one["action"] for one in shown["readings"][0]["answers"]] == ["1.1", "3.8"]
    assert CULTURE not in str(shown["readings"])  # the raw mail has the address, and dies with it

    file = tmp_path / "exported.eml"
    assert city.run("inbox", "export", str(applied), str(file)).code == 0
    explained = city.run("--json", "explain", str(file)).document
    assert (explained["kind"], explained["verdict"]) == ("reply", "applied")
    assert [(one["action"], one["light"]) for one in explained["answers"]] == [("1.1", "green"), ("3.8", "red")]

    outgoing = city.run("--json", "outbox", "list").lines
    assert len([row for row in outgoing if row["kind"] != "test"]) == 17
    request = next(row for row in outgoing if row["to"] == CULTURE and row["kind"] == "request")
    assert city.run("outbox", "show", request["id"], "--raw").out.encode() == request_of(world).raw
    assert city.run("--json", "outbox", "show", request["id"]).document["state"] == "accepted"
    assert city.run("health").code == 0


def test_explain_knows_previews_from_their_files(city: City, tmp_path: Path) -> None:
    """What `preview --as eml` wrote is enough to read a reply to it: no database is asked, nothing is recorded."""
    sent = tmp_path / "sent"
    sent.mkdir()
    raw = city.run("preview", "request", "--round", "2024", "--party", "kulttuuripaallikko", "--as", "eml").out.encode()
    (sent / "request.eml").write_bytes(raw)
    original = read_original(raw)
    reply = tmp_path / "reply.eml"
    reply.write_bytes(gmail_web(original, WRITER, Typed(top="1.1: keltainen\nKaksi ikkunaa."), datetime(2025, 2, 17, 9, 0, tzinfo=ZONE)))
    (city.folder / "reminder.db").unlink()

    told = city.run("--json", "explain", str(reply), "--sent", str(sent))

    assert told.code == 0
    assert told.document["file"] == "reply.eml"
    assert [(one["action"], one["light"], one["text"]) for one in told.document["answers"]] == [("1.1", "yellow", "Kaksi ikkunaa.")]
    assert told.document["missing"] == ["1.10", "3.8"]
    assert told.document["sender"] == {"address": CULTURE, "trust": "listed"}
    assert city.run("explain", str(reply)).code == 2
    shown = city.run("explain", str(tmp_path), "--sent", str(sent)).out
    assert ": ▲ yellow" in shown
    assert "[1.1 ▲ keltainen]" in shown
    assert "lines of our own mail …" in shown


def test_preview_shows_a_mail_in_three_forms(city: City) -> None:
    """The whole mail, its text, its HTML."""
    wanted = ("preview", "request", "--round", "2024", "--party", "opiston-rehtori", "--as")
    eml, text, html = (city.run(*wanted, form).out for form in ("eml", "text", "html"))

    assert read_original(eml.encode()).recipient == "rektor@kuusiharju.example"
    assert "[2.4] " in text
    assert "<" not in text.split("\n\n")[1]
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert "Läge (grön / gul / röd):" in text


def test_nothing_goes_out_while_disarmed_or_paused(city: City, world: MailWorld) -> None:
    """`pause` holds what is due, `resume` lets it go; `disarm` holds everything."""
    city.at("2025-02-03 12:00")
    city.run("arm")
    city.at("2025-02-14 09:00")
    city.run("pause")
    assert city.run("--json", "announce").document["announced"] == 0
    city.run("resume")
    city.run("--quiet", "announce")
    city.run("disarm")
    assert city.run("--json", "deliver", "--dry-run").document == {"would_send": 0}
    assert city.run("--json", "deliver").document["accepted"] == 0
    assert [kind_of(mail) for mail in world.sent] == ["test", "test"]
    city.run("arm")

    assert city.run("--json", "deliver").document["accepted"] == 16


def test_a_pause_with_a_day_ends_by_itself(city: City) -> None:
    """`pause --until 2025-02-18`: held on the 17th, free on the morning of the 18th."""
    city.at("2025-02-03 12:00")
    city.run("arm")
    city.run("pause", "--until", "2025-02-18")
    city.at("2025-02-17 09:00")
    held = city.run("--json", "announce").document["announced"]
    city.at("2025-02-18 09:00")

    assert held == 0
    assert city.run("--json", "announce").document["announced"] >= 16


def test_arm_shows_what_is_due_and_skips_it_unless_its_number_is_confirmed(city: City) -> None:
    """16 requests are due: shown one a line; a wrong number changes nothing, the right one lets them go."""
    city.at("2025-02-14 09:00")
    shown = city.run("arm", "--dry-run")
    before = city.dump()

    assert sum(line.startswith("request ") for line in shown.out.splitlines()) == 16
    assert city.run("arm", "--send-due", "15").code == 2
    assert city.dump() == before
    armed = city.run("--json", "arm", "--send-due", "16").document
    assert (armed["armed"], armed["due"], armed["sent_due"]) == (True, 16, True)
    assert city.run("--json", "announce").document["announced"] == 16


def test_a_second_arm_takes_nothing_away(city: City) -> None:
    """What is due on Friday evening and waits for Monday is not skipped by an admin who types `arm` once more."""
    city.at("2025-02-03 12:00")
    city.run("arm")
    city.at("2025-02-14 17:00")

    again = city.run("--json", "arm")

    assert again.document == {"armed": True, "due": 0, "sent_due": False}
    city.at("2025-02-17 08:15")
    assert city.run("--json", "announce").document["announced"] == 16


DRY_RUNS = ["announce", "arm", "collect", "deliver", "digest", "disarm", "interpret", "migrate", "pause", "publish", "resume", "tick"]


def test_a_dry_run_changes_nothing(city: City, world: MailWorld) -> None:
    """In the middle of a round, with something to do for each: the database, the mailbox, the relay and the page stay as they are."""
    ask_once(city, world)
    city.at("2025-02-14 12:00")
    city.receive(answer(request_of(world), "1.1: vihreä"))
    city.run("--quiet", "collect")
    city.run("--quiet", "interpret")
    city.receive(answer(request_of(world), "3.8: vihreä"), "2")
    city.run("--quiet", "collect")
    city.receive(answer(request_of(world), "1.10: vihreä"), "3")
    city.at("2025-02-24 08:45")
    before, files, sent = city.dump(), sorted(city.folder.rglob("*")), len(world.sent)

    told = {name: city.run("--json", name, "--dry-run") for name in DRY_RUNS}

    assert {name: one.code for name, one in told.items()} == dict.fromkeys(DRY_RUNS, 0)
    assert city.dump() == before
    assert len(world.sent) == sent
    assert {path for path in sorted(city.folder.rglob("*")) if not path.name.startswith("reminder.db-")} == {
        path for path in files if not path.name.startswith("reminder.db-")
    }
    assert told["announce"].document["announced"] >= 16
    assert told["digest"].document["announced"] == 1
    assert told["tick"].document == {
        "would_fetch": 1,
        "would_read": 1,
        "would_announce": told["announce"].document["announced"],
        "would_send": 1,
    }


def test_the_clock_is_moved_by_command(city: City) -> None:
    """`clock set`, `advance` and `speed` write the file that every process reads."""
    assert city.run("--json", "clock", "set", "2025-02-14T08:00+02:00").document == {"now": "2025-02-14T06:00:00+00:00"}
    assert city.run("--json", "clock", "advance", "24").document == {"now": "2025-02-15T06:00:00+00:00"}
    assert city.run("clock", "speed", "3600").code == 0
    first, second = city.run("--json", "clock", "advance", "0").document["now"], city.run("--json", "clock", "advance", "0").document["now"]

    assert second > first


def test_health_is_one_line_and_an_exit_code(city: City, world: MailWorld) -> None:
    """Red with 1 until the mailbox has been read; a red relay is named."""
    red = city.run("health")
    city.run("--quiet", "tick")
    green = city.run("health")
    city.set(SMTP_PORT=1)
    city.at("2025-02-03 12:00")
    city.run("arm")
    city.at("2025-02-14 09:00")
    city.run("--quiet", "tick")

    assert (red.code, green.code) == (1, 0)
    assert "never been read" in red.out
    assert len(green.out.splitlines()) == 1
    assert "the relay does not take mails" in city.run("health").out


def test_a_note_of_absence_moves_the_reminder_and_every_command_says_why(city: City, world: MailWorld) -> None:
    """Asked, an out-of-office note with a substitute comes back and is explained; `plan`, `why` and `status` show the new day; nobody
    is answered; on the planned day nothing goes to the absent, on the day of the return the reminder does."""
    ask_once(city, world)
    note = answer(request_of(world), "Olen lomalla 17.2.-23.2. Sijaiseni on Meri Malli, meri.malli@suvikoski.example.")
    path = city.receive(b"Auto-Submitted: auto-replied\r\n" + note)
    explained = city.run("--json", "explain", str(path)).document
    city.run("collect")
    assert city.run("--json", "interpret").document == {"ignored": 1}
    reminder = {"kind": "reminder", "ordinal": 0, "party": "kulttuuripaallikko"}
    planned = [row for row in city.run("--json", "plan", "--party", "kulttuuripaallikko").lines if reminder.items() <= row.items()]

    assert (explained["kind"], explained["verdict"], explained["away_until"]) == ("auto_reply", "ignored", "2025-02-23")
    assert [one["address"] for one in explained["substitutes"]] == ["meri.malli@suvikoski.example"]
    assert [(row["at"], [move["at"] for move in row["moved"]]) for row in planned] == [
        ("2025-02-21T08:00:00+02:00", ["2025-02-24T08:00:00+02:00"])
    ]
    assert (
        "Mon 24 Feb 2025: moved because Kulttuuripäällikkö is away until 23 Feb 2025"
        in city.run("--json", "why", "2024", "kulttuuripaallikko", "reminder").out
    )
    row = next(row for row in city.run("--json", "status").lines if row["party"] == "kulttuuripaallikko")
    assert (row["next_mail"], row["moved"]) == ("reminder Mon 24 Feb 2025", ["moved because Kulttuuripäällikkö is away until 23 Feb 2025"])
    assert "is away until" in " ".join(city.run("status").out.split())
    for day, reminded in (("2025-02-21 09:00", 0), ("2025-02-24 09:00", 1)):
        city.at(day)
        city.run("announce")
        city.run("deliver")
        assert len([mail for mail in world.sent if mail.recipient == CULTURE]) == 1 + reminded
    assert [mail for mail in world.sent if "meri.malli" in mail.recipient] == []


def test_who_asks_by_mail_gets_the_state_and_answers_from_it(city: City, world: MailWorld) -> None:
    """Asked, one answer, `tilanne?` through a client that quotes; what comes back holds the state, and its form is answered."""
    ask_once(city, world)
    city.receive(answer(request_of(world), "1.1: vihreä"))
    city.run("--quiet", "tick")
    question = gmail_web(
        read_original(request_of(world).raw), WRITER, Typed(top="Hei, mikä on tilanne?"), datetime(2025, 2, 14, 11, 0, tzinfo=ZONE)
    )
    explained = city.run("--json", "explain", str(city.receive(question, "2"))).document
    city.run("--quiet", "tick")
    state = world.sent[-1]
    reply = gmail_web(read_original(state.raw), WRITER, Typed(top="3.8: keltainen"), datetime(2025, 2, 14, 12, 0, tzinfo=ZONE))
    city.receive(reply, "3")
    city.run("--quiet", "tick")

    assert (explained["kind"], explained["verdict"], explained["rules"][-1]) == ("reply", "asked_back", "status_question")
    assert explained["answers"] == []
    assert state.recipient == CULTURE
    rows = [row for row in city.run("--json", "status").lines if row["party"] == "kulttuuripaallikko"]
    assert {row["action"]: row["light"] for row in rows} == {"1.1": "green", "1.10": None, "3.8": "yellow"}
