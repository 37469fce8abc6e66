"""Requests with many actions, and replies that cross a reminder: the light goes to the action whose head stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import OutgoingMessage, SentMessage
from reminder.domain.party_requests import Asked
from reminder.domain.readings import Reading, Verdict
from reminder.domain.rounds import StepKind
from reminder.parse import pieces
from reminder.parse.body import read_bodies
from reminder.parse.context import Context, OpenRound, SenderEntry
from reminder.parse.correlate import find_references
from reminder.parse.interpreting import interpret
from reminder.parse.message import read_mail
from reminder.parse.quoting import Subtraction, subtract
from reminder.parse.squash import Stream
from reminder.sandbox.clients import Client, gmail_web, iphone, outlook_desktop, owa, thunderbird
from reminder.sandbox.originals import Filled, Typed, Writer, read_original
from tests.corpus.world import to_sent
from tests.sandbox.mails import KEYRING, write_mail

ADDRESS = "kulttuuripaallikko@suvikoski.example"
CLIENTS: list[Client] = [gmail_web, iphone, outlook_desktop, owa, thunderbird]
each_client = pytest.mark.parametrize("client", CLIENTS, ids=["gmail", "iphone", "outlook", "owa", "thunderbird"])


def read(raw: bytes, *sent: OutgoingMessage) -> Reading:
    """Reads a reply against these mails, newest first."""
    mail = read_mail(raw)
    known = tuple(to_sent(message) for message in sent)
    context = Context(
        own_addresses=frozenset({"seuranta@suvikoski.example"}),
        instance="suvikoski",
        sent=known,
        proven=frozenset(find_references(mail, KEYRING, ["ELVO"]).proven),
        senders={ADDRESS: SenderEntry(person="p1", as_contact=frozenset({"kulttuuripaallikko"}))},
        party_domains={"kulttuuripaallikko": frozenset({"suvikoski.example"})},
        open_rounds=(OpenRound(programme="elinvoima", round="2024", programme_tag="ELVO"),),
        today=date(2025, 2, 26),
    )
    return interpret(mail, context)


def lights(reading: Reading) -> dict[str, str]:
    """Number to light."""
    return {answer.item.number: answer.light.value for answer in reading.answers if answer.light is not None}


@each_client
def test_a_reply_to_the_request_that_crosses_a_reminder_is_read_against_the_request(client: Client) -> None:
    """The reminder asks for one action with the same labels; the light typed under another action must not become its own."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    reminder = write_mail(ADDRESS, StepKind.REMINDER)
    only_last = reminder.items[-1]
    narrow = replace(
        reminder,
        items=(only_last,),
        spans=tuple(
            replace(span, item=0 if span.item is not None else None)
            for span in reminder.spans
            if span.item is None or reminder.items[span.item] == only_last
        ),
    )
    original = read_original(request.raw)
    filled = {"1.1": Filled(light="punainen", done="Ei edennyt.")}
    raw = client(
        original, Writer(address=ADDRESS, name="Kulttuuripäällikkö"), Typed(filled=filled), request.not_before + timedelta(days=12)
    )

    reading = read(raw, narrow, request)

    assert lights(reading) == {"1.1": "red"}


@each_client
def test_every_action_of_a_long_request_gets_its_own_light(client: Client) -> None:
    """All actions and contributions are answered, each with another light than its neighbour."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    words = ["vihreä", "keltainen", "punainen"]
    numbers = [item.number for item in request.items]
    filled = {number: Filled(light=words[place % 3], done=f"Kohta {place}.") for place, number in enumerate(numbers)}
    raw = client(
        read_original(request.raw),
        Writer(address=ADDRESS, name="Kulttuuripäällikkö"),
        Typed(filled=filled),
        request.not_before + timedelta(hours=3),
    )

    reading = read(raw, request)

    colours = [light.value for light in TrafficLight]
    assert lights(reading) == {number: colours[place % 3] for place, number in enumerate(numbers)}


def test_each_body_of_a_reply_is_compared_with_our_mails_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is most of the work of reading; what is asked for beside the answers is looked for in what it has found."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    typed = Typed(top="Pyydän lisäaikaa 15.4. asti.", filled={request.items[0].number: Filled(light="vihreä")})
    writer = Writer(address=ADDRESS, name="Kulttuuripäällikkö")
    raw = gmail_web(read_original(request.raw), writer, typed, request.not_before + timedelta(hours=3))
    compared = []

    def compare(stream: Stream, sent: Sequence[SentMessage]) -> Subtraction:
        compared.append(stream)
        return subtract(stream, sent)

    monkeypatch.setattr(pieces, "subtract", compare)

    reading = read(raw, request)

    assert (len(reading.answers), [one.what for one in reading.requests]) == (1, [Asked.MORE_TIME])
    assert len(compared) == len(read_bodies(read_mail(raw)))


@each_client
def test_the_untouched_form_says_nothing(client: Client) -> None:
    """The form as it was sent is no answer, in any mail program."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    raw = client(read_original(request.raw), Writer(address=ADDRESS, name="K"), Typed(), request.not_before + timedelta(hours=3))

    reading = read(raw, request)

    assert reading.answers == ()
    assert reading.verdict is Verdict.ASKED_BACK


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.1: vihreä, valmis", {"1.1": "green"}),
        ("[1.10] keltainen - kesken", {"1.10": "yellow"}),
        ("toimenpide 3.8 on punainen, koska rahaa ei ole", {"3.8": "red"}),
        ("kaikki vihreällä", {"1.1": "green", "1.10": "green", "3.8": "green"}),
        ("1.1: punainen\nmuut vihreitä", {"1.1": "red", "1.10": "green", "3.8": "green"}),
        ("1.1 🟢, 1.10 🟡, 3.8 🔴", {"1.1": "green", "1.10": "yellow", "3.8": "red"}),
        ("1.1: gul, försenad", {"1.1": "yellow"}),
        ("1.1: ei enää punainen", {}),
        ("1.1: vihreä tai keltainen", {}),
        ("9.9: vihreä", {}),
        ("Palaan asiaan ensi viikolla, vihreä siirtymä etenee.", {}),
    ],
)
def test_free_lines_on_top(typed: str, expected: dict[str, str]) -> None:
    """Structured lines give lights; negation, two lights, unknown numbers and prose give none."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    raw = gmail_web(
        read_original(request.raw), Writer(address=ADDRESS, name="K"), Typed(top=typed), request.not_before + timedelta(hours=3)
    )

    assert lights(read(raw, request)) == expected


def test_a_stranger_with_the_token_is_held() -> None:
    """A token says which duty, never who (decision 19)."""
    request = write_mail(ADDRESS, StepKind.REQUEST)
    writer = Writer(address="joku@muualla.example", name="Joku")
    raw = gmail_web(read_original(request.raw), writer, Typed(top="1.1: vihreä"), request.not_before + timedelta(hours=3))

    reading = read(raw, request)

    assert (reading.verdict, reading.sender.trust.value if reading.sender else "") == (Verdict.HELD, "stranger")
