"""Replies to a survey: as the button's form, inside the quotation, with numbers, and what is too unclear to count."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from reminder.domain.messages import Item, MailKind, SentMessage, Span, SpanKind
from reminder.domain.programme import Localised
from reminder.domain.readings import Reading, ReadingKind, Verdict
from reminder.domain.surveys import Question, Scale, Survey, SurveyTrouble
from reminder.parse.context import Context
from reminder.parse.interpreting import interpret
from reminder.parse.message import read_mail
from reminder.parse.surveys import read_value
from reminder.wire.answer_block import item_head
from reminder.wire.survey_form import answer_label, survey_body

MEMBER = "jasen@suvikoski.example"
SCALES = {"seuranta": Scale.FIVE, "aika": Scale.YES_NO, "suunta": Scale.LIGHT, "sana": Scale.TEXT}
TEXTS = {
    "seuranta": "Jaosto on seurannut ohjelmaa riittävästi",
    "aika": "Oliko kokouksissa riittävästi aikaa?",
    "suunta": "Mikä on ohjelman tila kokonaisuutena?",
    "sana": "Mitä pitäisi tehdä toisin?",
}
SURVEY = Survey(
    questions=tuple(Question(id=key, text=Localised.everywhere(TEXTS[key]), scale=scale) for key, scale in SCALES.items()),
    is_anonymous=True,
)
ITEMS = tuple(
    Item(programme="elinvoima", round="kysely", party="", action=key, number=str(number), title=TEXTS[key], is_anonymous=True)
    for number, key in enumerate(SCALES, 1)
)
FORM = "\n\n".join(f"{item_head(item)}\n{answer_label(SCALES[item.action], 'fi')} " for item in ITEMS)


def asked(language: str = "fi") -> SentMessage:
    """The mail of the survey, with its form as spans."""
    spans = [Span(kind=SpanKind.PROSE, text="Hei, vastaathan kyselyyn viimeistään perjantaina.")]
    for place, item in enumerate(ITEMS):
        spans.append(Span(kind=SpanKind.HEAD, text=item_head(item), item=place))
        spans.append(Span(kind=SpanKind.ANSWER_LABEL, text=answer_label(SCALES[item.action], "fi"), item=place))
    return SentMessage(
        id="abcdefgh2345",
        kind=MailKind.SURVEY,
        language=language,
        person="p1",
        recipient=MEMBER,
        message_id="<tok@suvikoski.example>",
        subject="Jäsenkysely",
        created_at=datetime(2025, 3, 3, 8, tzinfo=UTC),
        spans=tuple(spans),
        items=ITEMS,
    )


def read(body: str, *, sender: str = MEMBER, headers: dict[str, str] | None = None, survey: Survey | None = SURVEY) -> Reading:
    """The reading of a plain reply."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = "seuranta@suvikoski.example"
    mail["Subject"] = "VS: Jäsenkysely"
    mail["In-Reply-To"] = "<tok@suvikoski.example>"
    for name, value in (headers or {}).items():
        del mail[name]
        mail[name] = value
    mail.set_content(body + "\n")
    surveys = {} if survey is None else {("elinvoima", "kysely"): survey}
    context = Context(own_addresses=frozenset(), instance="tests", sent=(asked(),), proven=frozenset({asked().id}), surveys=surveys)
    return interpret(read_mail(bytes(mail)), context)


def answers(body: str) -> dict[str, str]:
    """What counts of a reply; empty where it does not."""
    reading = read(body)
    assert reading.survey is not None
    return dict(reading.survey.answers) if reading.survey.trouble is None else {}


def fill(*values: str) -> str:
    """The form of the button, each label followed by a value."""
    lines = FORM.split("\n")
    places = [place for place, line in enumerate(lines) if line.startswith("Vastaus")]
    for place, value in zip(places, values, strict=True):
        lines[place] += value
    return "\n".join(lines)


FULL = {"seuranta": "4", "aika": "yes", "suunta": "yellow", "sana": "Enemmän kentälle."}


@pytest.mark.parametrize(
    "body",
    [
        fill("4", "kyllä", "keltainen", "Enemmän kentälle."),
        fill("4", "Kyllä, oli", "Keltainen", "Enemmän kentälle.\n\nTerveisin\nJäsen Koetinen\n040 123 4567"),
        fill("4 / 5", "joo", "keltainen!", "Enemmän kentälle.\n\nLähetetty iPhonesta"),
        "1: 4\n2: kyllä\n3: keltainen\n4: Enemmän kentälle.",
        "Hei!\n1. 4\n2. kyllä\n3. keltainen\n4. Enemmän kentälle.\n\nt. Jäsen",
        "1) neljä\n2) on\n3) gul\n4) Enemmän kentälle.",
        "1 (1–5): 4\n2 (kyllä / ei): kyllä\n3 (vihreä / keltainen / punainen): keltainen\n4 (omin sanoin): Enemmän kentälle.",
        "1: 4, 2: kyllä, 3: keltainen, 4: Enemmän kentälle.",
        "Kysymys 1: 4\nKysymys 2: kyllä\nKysymys 3: keltainen\nKysymys 4: Enemmän kentälle.",
        "\n".join(f"> {line}" for line in fill("4", "kyllä", "keltainen", "Enemmän kentälle.").split("\n")),
        "1: 4\n2: kyllä\n3: keltainen\n4: Enemmän kentälle.\n\nma 3.3.2025 klo 9.00 Seuranta <seuranta@suvikoski.example> kirjoitti:\n"
        + "\n".join(f"> {line}" for line in FORM.split("\n")),
    ],
)
def test_read_whole(body: str) -> None:
    """As people write it, and as clients leave it."""
    assert answers(body) == FULL


def test_what_is_left_out_is_left_out() -> None:
    """A question may be skipped, in silence or in words."""
    assert answers(fill("5", "", "en osaa sanoa", "")) == {"seuranta": "5"}
    assert answers("1: 5\n2: -\n3: eos") == {"seuranta": "5"}


def test_an_answer_is_no_number_of_a_question() -> None:
    """A `4.` behind a label or below it is the answer, not the beginning of question 4."""
    assert answers(fill("4.", "", "", "Näin.")) == {"seuranta": "4", "sana": "Näin."}
    assert answers(fill("\n4.", "\nei", "\n", "")) == {"seuranta": "4", "aika": "no"}


def test_a_text_keeps_its_own_list() -> None:
    """Numbers within a text begin no question that came before it; what people thank for is kept."""
    said = answers("1: 4\n4: Kiitos hyvästä työstä.\n1. lisää aikaa\n2. vähemmän paperia")
    assert said == {"seuranta": "4", "sana": "Kiitos hyvästä työstä.\n1. lisää aikaa\n2. vähemmän paperia"}


@pytest.mark.parametrize(
    ("body", "unclear"),
    [
        ("1: 4-5", ("1",)),
        ("1: 6", ("1",)),
        ("1: 4,5", ("1",)),
        ("1: 4 tai 3", ("1",)),
        ("1: hyvin", ("1",)),
        ("2: ehkä", ("2",)),
        ("2: kyllä ja ei", ("2",)),
        ("3: vihreä tai keltainen", ("3",)),
        ("3: sininen", ("3",)),
        ("1: 4\n1: 3", ("1",)),
    ],
)
def test_what_is_unclear_counts_nothing(body: str, unclear: tuple[str, ...]) -> None:
    """And no answer at all is in the reading, nor in what a log would show of it."""
    reading = read(body + "\n4: salaisuus")
    assert reading.survey is not None
    assert (reading.survey.trouble, reading.survey.unclear, reading.survey.answers) == (SurveyTrouble.UNCLEAR, unclear, {})
    assert reading.verdict is Verdict.ASKED_BACK
    assert "salaisuus" not in repr(reading)


@pytest.mark.parametrize("body", ["", "Kiitos viestistä, palaan asiaan.", FORM, "\n".join(f"> {line}" for line in FORM.split("\n"))])
def test_what_answers_nothing(body: str) -> None:
    """Nothing but our own form, or words without a number."""
    reading = read(body)
    assert reading.survey is not None
    assert reading.survey.trouble is SurveyTrouble.EMPTY


def test_another_sender_counts_nothing() -> None:
    """Whoever has the token."""
    reading = read("1: 4", sender="koti@posti.example")
    assert reading.survey is not None
    assert (reading.survey.trouble, reading.verdict, reading.survey.answers) == (SurveyTrouble.ANOTHER, Verdict.IGNORED, {})


def test_a_forged_sender_counts_nothing() -> None:
    """The own mail server says so."""
    mail = b"Authentication-Results: mx.suvikoski.example; dmarc=fail\r\n"
    context = Context(
        own_addresses=frozenset(),
        instance="tests",
        sent=(asked(),),
        proven=frozenset({asked().id}),
        surveys={("elinvoima", "kysely"): SURVEY},
        trusted_authserv="mx.suvikoski.example",
    )
    raw = mail + f"From: {MEMBER}\r\nTo: x@suvikoski.example\r\nSubject: VS\r\n\r\n1: 4\r\n".encode()
    reading = interpret(read_mail(raw), context)
    assert reading.survey is not None
    assert reading.survey.trouble is SurveyTrouble.ANOTHER


def test_a_survey_that_nobody_knows_is_kept_secret() -> None:
    """The files no longer have it: nothing is read, and it stays anonymous as it was asked."""
    reading = read("4: salaisuus", survey=None)
    assert reading.survey is not None
    assert (reading.survey.is_anonymous, reading.survey.trouble, reading.survey.answers) == (True, SurveyTrouble.CLOSED, {})


def test_an_automatic_subject_without_answers_is_automatic() -> None:
    """Out of office, as some servers write it."""
    reading = read("Olen lomalla.", headers={"Subject": "Automaattinen vastaus: Jäsenkysely"})
    assert (reading.kind, reading.survey) == (ReadingKind.AUTO_REPLY, None)


@pytest.mark.parametrize(
    ("scale", "words", "value"),
    [
        (Scale.FIVE, "5", "5"),
        (Scale.FIVE, "4. Hyvin hoidettu vuonna 2024", "4"),
        (Scale.FIVE, "tre", "3"),
        (Scale.FIVE, "0", None),
        (Scale.FIVE, "10", None),
        (Scale.FIVE, "3–4", None),
        (Scale.YES_NO, "Nej", "no"),
        (Scale.YES_NO, "Kyllä, mutta ei aina", "yes"),
        (Scale.YES_NO, "no", "no"),
        (Scale.YES_NO, "", None),
        (Scale.LIGHT, "🟢", "green"),
        (Scale.LIGHT, "v", "green"),
        (Scale.LIGHT, "röd", "red"),
    ],
)
def test_values(scale: Scale, words: str, value: str | None) -> None:
    """Each scale in the words of three languages; nothing is guessed."""
    assert read_value(scale, words, "fi") == value


def test_a_long_form_is_cut_to_its_numbers() -> None:
    """What clients would cut holds the numbers alone."""
    items = [Item(programme="p", round="r", party="", action=str(n), number=str(n), title="Pitkä kysymys äöå " * 6) for n in range(1, 16)]
    body = survey_body(items, [Scale.FIVE] * 15, "fi", reference="Viite: X")
    assert body.startswith("1 (1–5): \n2 (1–5): ")
    assert body.endswith("Viite: X")
