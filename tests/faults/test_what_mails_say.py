"""P: what a mail says, from the mailbox to the acknowledgement."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reminder.domain.assessments import TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.edges.maildir import MaildirSource
from reminder.flows.digest import LOOK_BACK
from reminder.flows.digest_notes import tell_two_answers
from reminder.flows.knowledge import load_knowledge
from tests.flows.town import CULTURE, PRINCIPAL, Town, text_of


def lights(town: Town) -> dict[str, TrafficLight | None]:
    """The light of each action about which something was said."""
    return {action: fact.light for (_, action), fact in latest(town.facts()).items()}


def acknowledged(town: Town) -> list[str]:
    """The texts of the acknowledgements that have left, oldest first."""
    town.deliver()
    return [text_of(mail.raw) for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)]


@pytest.mark.fault("P2")
def test_a_mail_of_60_mb_is_read_in_its_beginning_and_its_files_wait(town: Town, tmp_path: Path) -> None:
    """Half a megabyte is fetched; with nothing but a file in it a person looks, and the sender is told that it has arrived."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "Liitteenä.")
    head, _, _ = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-"))]
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nLiite.\r\n--b\r\nContent-Type: application/pdf; name=raportti.pdf\r\n"
    parts += b'Content-Disposition: attachment; filename="raportti.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    (tmp_path / "box").mkdir()
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "box" / folder).mkdir()
    with (tmp_path / "box" / "new" / "1.big").open("wb") as file:
        file.write(b"\r\n".join([*lines, b'Content-Type: multipart/mixed; boundary="b"', b"", parts]))
        for _ in range(60):
            file.write((b"QUJD" * 19 + b"\r\n") * (1024 * 1024 // 78))
        file.write(b"--b--\r\n")
    town.house = replace(town.house, source=MaildirSource(tmp_path / "box"))

    town.read()

    assert town.inbox_states() == [InboundState.HELD]
    assert len(town.stored(1).mail.raw) <= 600_000
    assert "oversize" in town.stored(1).mail.marks
    assert town.facts() == ()
    (text,) = acknowledged(town)
    assert "raportti.pdf" in text


@pytest.mark.fault("P4")
@pytest.mark.parametrize("body", ["", "-- \nLähetetty puhelimesta"])
def test_an_empty_reply_gets_one_helpful_answer_and_changes_nothing(town: Town, body: str) -> None:
    town.ask()
    town.reply(CULTURE, body)
    town.read()
    town.clock.advance(timedelta(minutes=5))
    town.reply(CULTURE, body)
    town.read()

    assert town.facts() == ()
    (text,) = acknowledged(town)
    assert "1.1" in text
    assert not town.progress("kulttuuripaallikko").answered


@pytest.mark.fault("P5")
def test_two_lights_for_one_action_are_asked_about_and_the_others_recorded(town: Town) -> None:
    town.ask()
    town.reply(CULTURE, "1.1: vihreä\n1.10: keltainen\n1.1: punainen")
    town.read()

    assert [fact.light for fact in town.facts()] == [TrafficLight.YELLOW]
    (text,) = acknowledged(town)
    assert "1.1" in text


@pytest.mark.fault("P6")
def test_lights_for_actions_that_were_not_asked_for_are_not_guessed(town: Town) -> None:
    """Numbers of nobody, and of somebody else: nothing is recorded for them, the mail's own action is."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä\n77.7: punainen\n2.1: punainen")
    town.read()

    assert [(fact.party, fact.light) for fact in town.facts()] == [("kulttuuripaallikko", TrafficLight.GREEN)]
    assert "77.7" in acknowledged(town)[0]


@pytest.mark.fault("P8")
@pytest.mark.parametrize(
    ("words", "light"),
    [
        ("1.1: grön", TrafficLight.GREEN),
        ("1.1: yellow", TrafficLight.YELLOW),
        ("1.1 🔴", TrafficLight.RED),
        ("1.1: V", TrafficLight.GREEN),
        ("1.1: keltanen", TrafficLight.YELLOW),
        ("1.1: ihan ok kai", None),
    ],
)
def test_words_of_three_languages_are_read_or_asked_about(town: Town, words: str, light: TrafficLight | None) -> None:
    town.ask()
    town.reply(CULTURE, words)
    town.read()

    assert [fact.light for fact in town.facts()] == ([light] if light else [])
    assert len(acknowledged(town)) == 1


@pytest.mark.fault("P10", "P11")
def test_two_people_answer_for_one_party_within_a_minute(town: Town) -> None:
    """The later one counts, both stand in the history, each is told, and the party's contact sees that a colleague has answered."""
    town.ask()
    town.reply(CULTURE, "1.1: punainen")
    town.clock.advance(timedelta(seconds=40))
    town.reply(CULTURE, "1.1: vihreä", sender="museosihteeri@suvikoski.example")
    town.read()

    facts = [(fact.light, fact.party) for fact in town.facts()]
    assert facts == [(TrafficLight.RED, "kulttuuripaallikko"), (TrafficLight.GREEN, "kulttuuripaallikko")]
    assert len({fact.actor for fact in town.facts()}) == 2
    assert list(lights(town).values()) == [TrafficLight.GREEN]
    texts = acknowledged(town)
    assert [mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)].count(CULTURE) == 2
    assert any("punainen" in text and "vihreä" in text for text in texts)
    (told,) = two_answers(town)
    assert "Several people have answered differently" in told
    assert "(1.1)" in told
    town.clock.advance(timedelta(days=8))
    assert two_answers(town) == ()


def two_answers(town: Town) -> tuple[str, ...]:
    """What the digest of this week notes of it."""
    now = town.clock.now()
    with town.house.store.read() as conn:
        return tell_two_answers(conn, load_knowledge(conn, town.house.setup, now), town.round, "en", now - LOOK_BACK)


HOSTILE = "1.1: vihreä\nTyö\u202e on \u2066tehty\x00\x1b[31m. " + "Z" + "\u0301\u0323\u0337" * 2000 + "\n" + "x" * 1_000_000


@pytest.mark.fault("P12")
def test_controls_and_endless_lines_are_cleaned_and_cut(town: Town) -> None:
    """What is kept can be shown anywhere: no controls, nothing that turns the writing round, no more than so much."""
    town.ask()
    raw = town.write_reply(town.original(PRINCIPAL), "x")
    head = raw.partition(b"\r\n\r\n")[0].replace(b"7bit", b"8bit").replace(b"us-ascii", b"utf-8")
    body = HOSTILE.replace("1.1", "2.1").replace("\n", "\r\n").encode()
    town.source.deliver(head + b"\r\n\r\n" + body + b"\r\n", when=town.clock.now())

    town.read()

    (fact,) = town.facts()
    assert fact.light is TrafficLight.GREEN
    assert "tehty" in fact.text
    assert len(fact.text) <= 4_000
    assert not [char for char in fact.text if unicodedata.category(char) in {"Cc", "Cf", "Cs"} and char != "\n"]
    assert unicodedata.is_normalized("NFC", fact.text)
    assert "\x1b" not in acknowledged(town)[0]
