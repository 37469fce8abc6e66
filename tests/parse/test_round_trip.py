"""Round trip: any answers, by any program, in any charset that can hold them, are read back exactly."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from email import message_from_bytes, policy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.domain.assessments import TrafficLight
from reminder.sandbox.clients import Client
from reminder.sandbox.originals import Filled, Typed, read_original
from tests.corpus.building import QUOTING, moment, writer_for
from tests.corpus.clients import between, html_only, write
from tests.corpus.world import COLLEGE, CULTURE, PLANNING, REQUEST, TOURISM, all_sent, read
from tests.sandbox.mails import write_mail

EXAMPLES = int(os.environ.get("REMINDER_ROUND_TRIPS", "200"))
"""Cases in the suite; `REMINDER_ROUND_TRIPS=10000` asks for more."""
CLIENTS: Mapping[str, Client] = {**QUOTING, "between": between}
CHARSETS = ("as is", "html only", "utf-8", "cp1252", "iso-8859-15", "utf-16", "utf-8 as latin-1", "cp1252 as utf-8")
GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
LIGHTS: Mapping[str, Mapping[TrafficLight, tuple[str, ...]]] = {
    "fi": {GREEN: ("vihreä", "Vihreällä", "🟢"), YELLOW: ("keltainen", "keltanen"), RED: ("PUNAINEN", "punasella")},
    "sv": {GREEN: ("grön", "Grönt"), YELLOW: ("gul", "gult"), RED: ("röd", "rött")},
    "en": {GREEN: ("green", "Green!"), YELLOW: ("yellow", "amber"), RED: ("red", "RED")},
}
PLAIN_WORDS = "Sopimus tehtiin hakijoita oli näyttely åtgärden the 12 € (osa) pää-asia ja 3.2.2025 budjetti"
WORDS = PLAIN_WORDS.split()
Said = tuple[str, dict[str, tuple[TrafficLight, Filled, date | None]]]
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda words: "X " + " ".join(words) + ".")
steps = st.lists(st.sampled_from(("Hanke", "käynnistyy", "avajaiset", "möte", "report")), min_size=1, max_size=4).map(" ".join)
days = st.integers(20, 600).map(lambda after: date(2025, 3, 1) + timedelta(days=after))


@st.composite
def answers(draw: st.DrawFn) -> Said:
    """An address with what its person says of some of the own actions."""
    address = draw(st.sampled_from((PLANNING, CULTURE, COLLEGE, TOURISM)))
    mail = write_mail(address, REQUEST)
    numbers = [item.number for item in mail.items if not item.is_contribution]
    chosen = draw(st.lists(st.sampled_from(numbers), min_size=1, unique=True))
    found: dict[str, tuple[TrafficLight, Filled, date | None]] = {}
    for number in chosen:
        light = draw(st.sampled_from(TrafficLight))
        word = draw(st.sampled_from(LIGHTS[str(mail.language)][light]))
        day = draw(st.none() | days)
        step = f"{draw(steps)} {day.day}.{day.month}.{day.year}" if day else draw(st.just("") | steps)
        found[number] = (light, Filled(light=word, done=draw(st.just("") | sentences), next=step), day)
    return address, found


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(said=answers(), client=st.sampled_from(sorted(CLIENTS)), charset=st.sampled_from(CHARSETS))
def test_what_was_said_is_what_is_read(
    said: tuple[str, dict[str, tuple[TrafficLight, Filled, date | None]]], client: str, charset: str
) -> None:
    """Light, words, next step and date of each action come back, and nothing else does."""
    address, given_answers = said
    mail = write_mail(address, REQUEST)
    filled = {number: filling for number, (_, filling, _) in given_answers.items()}
    raw = CLIENTS[client](read_original(mail.raw), writer_for(address), Typed(filled=filled), moment(mail))
    raw = _encoded(raw, charset, filled)
    reading = read(raw, moment(mail), all_sent())
    found = {answer.item.number: (answer.light, answer.text, answer.next_step, answer.next_on) for answer in reading.answers}
    assert found == {
        number: (light, filling.done, filling.next.rsplit(" ", 1)[0] if day else filling.next, day)
        for number, (light, filling, day) in given_answers.items()
    }
    assert reading.ask_back == ()


def _encoded(raw: bytes, charset: str, filled: Mapping[str, Filled]) -> bytes:
    """The mail in another charset, or its HTML alone; as it is where the charset cannot hold what was said."""
    mail = message_from_bytes(raw, policy=policy.SMTP.clone(max_line_length=998))
    if charset == "as is" or (charset == "html only" and mail.get_body(("html",)) is None):
        return raw
    if charset == "html only":
        return html_only(raw)
    body, encoding, label = mail.get_body(("plain",)), *_names(charset)
    if body is None:
        return raw
    try:
        "".join(f"{one.light}{one.done}{one.next}" for one in filled.values()).encode(encoding)
    except UnicodeEncodeError:
        return raw
    headers = {name: str(mail[name]) for name in ("To", "Date", "Message-ID", "In-Reply-To", "References")}
    headers["From"] = mail["From"].addresses[0].addr_spec
    text = str(body.get_content()).encode(encoding, "replace").decode(encoding)
    flowed = "; format=flowed" if body.get_param("format") == "flowed" else ""
    return write(headers, text, charset=encoding, label=label + flowed, cte="base64")


def _names(charset: str) -> tuple[str, str]:
    encoding, _, label = charset.partition(" as ")
    return encoding, label or encoding
