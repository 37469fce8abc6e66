"""An answer form that comes back: read by the grammar of the mail's text, each row for the action that it is surely about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.messages import MailKind, SentMessage
from reminder.domain.readings import AskReason, Reading, Verdict
from reminder.parse.context import Context, SenderEntry
from reminder.parse.correlate import find_references
from reminder.parse.interpreting import interpret
from reminder.parse.message import read_mail
from reminder.wire.answer_sheet import XLSX
from reminder.wire.reply_token import Key, Keyring, message_id_from, mint_token
from reminder.wire.sheet_words import Column
from tests.wire.forms import FIRST_ROW, ITEMS, NUMBERS, PLACES, Filled, as_inline, as_open_document, fill, form, rows_of

KEYRING = Keyring(keys=(Key(id="a", secret="only for the tests of the sheets"),), instance="tests")
MESSAGE = message_id_from(b"request of the sheets")
TOKEN = mint_token(KEYRING, MESSAGE)
PARTY = "kulttuuripaallikko@suvikoski.example"
TODAY = date(2025, 2, 20)
GREEN, YELLOW, RED = TrafficLight


def sent(message: str = MESSAGE, round_id: str = "2024") -> SentMessage:
    """The request that brought the form."""
    return SentMessage(
        id=message,
        kind=MailKind.REQUEST,
        language="fi",
        person="p1",
        recipient=PARTY,
        message_id=f"<{mint_token(KEYRING, message)}@suvikoski.example>",
        subject="Elinvoimaohjelma: 12 toimenpidettä raportoitavana [ELVO-AAAA]",
        created_at=datetime(2025, 2, 14, 7, tzinfo=UTC),
        spans=(),
        items=tuple(replace(one, round=round_id) for one in ITEMS),
    )


def read(
    *files: tuple[str, bytes],
    text: str = "Liitteenä vastauksemme.",
    media_type: str = XLSX,
    is_reply: bool = True,
    more: tuple[SentMessage, ...] = (),
) -> Reading:
    """Reads a mail of the party with these files attached."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = PARTY, "seuranta@suvikoski.example", "VS: Elinvoimaohjelma"
    mail["Message-ID"] = "<1.tests@suvikoski.example>"
    if is_reply:
        mail["In-Reply-To"] = sent().message_id
    mail.set_content(text + "\n")
    main, _, sub = media_type.partition("/")
    for name, content in files:
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    parsed = read_mail(bytes(mail))
    references = find_references(parsed, KEYRING, ["ELVO"])
    known = (sent(), *more)
    context = Context(
        own_addresses=frozenset({"seuranta@suvikoski.example"}),
        instance="tests",
        sent=known,
        proven=frozenset(references.proven) & {message.id for message in known},
        senders={PARTY: SenderEntry(person="p1", as_contact=frozenset({"kulttuuripaallikko"}))},
        today=TODAY,
    )
    return interpret(parsed, context)


def lights(reading: Reading) -> dict[str, TrafficLight | None]:
    """What would be recorded, by number."""
    return {answer.item.number: answer.light for answer in reading.answers}


def asks(reading: Reading) -> dict[str, AskReason]:
    """What would be asked."""
    return {ask.number: ask.reason for ask in reading.ask_back}


def filled(answers: dict[str, Filled], change: Any = None, *, token: str = TOKEN) -> bytes:
    """The form of the request with these answers."""
    return fill(form(token=token), answers, change)


THREE = {"3.1": Filled(light="vihreä"), "3.10": Filled(light="keltainen", done="Hanke viivästyi."), "12": Filled(light="punainen")}
LIGHTS = {"3.1": GREEN, "3.10": YELLOW, "12": RED}


def test_a_filled_form_is_read_as_the_mail_would_be() -> None:
    """Light, what was done, next step and day, from a form that was renamed and mislabelled; the rest is missing."""
    row = Filled(light="Vihreä", done="Palvelu avattiin.", next_step="Laajennus", by=date(2025, 5, 15))
    reading = read(("kopio (2).bin", filled({"3.10": row})), media_type="application/octet-stream")
    (answer,) = reading.answers

    assert reading.verdict is Verdict.APPLIED
    assert (answer.item.number, answer.light, answer.text) == ("3.10", GREEN, "Palvelu avattiin.")
    assert (answer.next_step, answer.next_on) == ("Laajennus", date(2025, 5, 15))
    assert answer.rule == "sheet:light_field"
    assert [item.number for item in reading.missing] == [number for number in NUMBERS if number != "3.10"]
    assert reading.attachments == ()


CELLS = st.sampled_from(
    [("vihreä", GREEN), ("KELTAINEN", YELLOW), ("punasella", RED), ("grön", GREEN), ("amber", YELLOW), ("🔴", RED), ("", None)]
)
SAVERS = st.sampled_from(["again", "inline", "open"])


@given(st.dictionaries(st.sampled_from(NUMBERS), CELLS), SAVERS)
@settings(max_examples=40, deadline=None)
def test_any_lights_come_back_whatever_saved_the_form(answers: dict[str, tuple[str, TrafficLight | None]], saver: str) -> None:
    """Exactly the lights that were chosen are recorded, in the words and signs that the mail's text may use too."""
    content = filled({number: Filled(light=word or None) for number, (word, _) in answers.items()})
    if saver != "again":
        content = {"inline": as_inline, "open": as_open_document}[saver](rows_of(content))
    reading = read(("vastaus.xlsx", content))

    assert lights(reading) == {number: light for number, (_, light) in answers.items() if light is not None}
    assert asks(reading) == {}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Filled(light="vihreä / keltainen"), AskReason.TWO_LIGHTS),
        (Filled(light="vihreä?"), AskReason.QUESTION_MARK),
        (Filled(light="ei enää punainen"), AskReason.NEGATION),
        (Filled(light="sininen"), AskReason.UNKNOWN_WORD),
        (Filled(light="3.1 vihreä"), AskReason.UNKNOWN_WORD),
        (Filled(done="Neuvottelut jatkuvat vielä kevään."), AskReason.NO_LIGHT),
        (Filled(by=date(2025, 5, 15)), AskReason.NO_LIGHT),
    ],
)
def test_doubts_are_asked_back(row: Filled, reason: AskReason) -> None:
    """The same grammar, the same questions, and the rest of the form is applied."""
    reading = read(("a.xlsx", filled({"12": row, "4": Filled(light="vihreä")})))

    assert lights(reading) == {"4": GREEN}
    assert asks(reading) == {"12": reason}


def test_a_phase_sets_the_phase() -> None:
    """`valmis` in either column is a phase and no light."""
    reading = read(("a.xlsx", filled({"12": Filled(light="valmis"), "11": Filled(done="valmis"), "10": Filled(light="vihreä, valmis")})))

    assert {answer.item.number: (answer.light, answer.phase) for answer in reading.answers} == {
        "12": (None, Phase.DONE),
        "11": (None, Phase.DONE),
        "10": (GREEN, Phase.DONE),
    }


@pytest.mark.parametrize(
    ("by", "step", "day"),
    [
        ("30.6.2025", "Sopimus 15.3. kokoukseen", date(2025, 6, 30)),
        ("30.6. mennessä", "Sopimus 15.3. kokoukseen", date(2025, 6, 30)),
        ("5/2025", "Sopimus 15.3. kokoukseen", date(2025, 5, 31)),
        ("kun rahoitus on selvä", "Sopimus 15.3. kokoukseen, kun rahoitus on selvä", date(2025, 3, 15)),
    ],
)
def test_the_day_has_a_column_of_its_own(by: str, step: str, day: date) -> None:
    """It goes before a day within the next step, which is a part of its words; words in the day's column are not lost."""
    (answer,) = read(("a.xlsx", filled({"12": Filled(light="vihreä", next_step="Sopimus 15.3. kokoukseen", by=by)}))).answers

    assert (answer.next_step, answer.next_on) == (step, day)


def test_an_untouched_form_records_nothing() -> None:
    """Forwarded or sent back as it was: the sender is told that nothing was in it."""
    reading = read(("a.xlsx", form(token=TOKEN)), text="")

    assert reading.verdict is Verdict.ASKED_BACK
    assert (reading.answers, reading.ask_back) == ((), ())
    assert reading.reason == "It holds nothing but what we sent."


def _sorted(page: Any) -> None:
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST_ROW)]
    for place, row in enumerate(sorted(rows, key=lambda row: str(row[4] or "ö")), start=FIRST_ROW):
        for column, value in enumerate(row, start=1):
            page.cell(place, column).value = value


def _moved(page: Any) -> None:
    page.insert_cols(3, 2)
    page.cell(FIRST_ROW, 3).value = "oma huomio"
    page.insert_rows(1, 4)


def _without_title_lines(page: Any) -> None:
    page.delete_rows(1, FIRST_ROW - 2)


def _with_sheets(page: Any) -> None:
    book = page.parent
    book.create_sheet("Muistiinpanot", 0)["A1"] = "12: keltainen"
    book.move_sheet(page, 2)


def _numbers_as_numbers(page: Any) -> None:
    for row in range(FIRST_ROW, FIRST_ROW + len(NUMBERS)):
        page.cell(row, PLACES[Column.NUMBER]).value = float(page.cell(row, PLACES[Column.NUMBER]).value)


def _numbers_as_days(page: Any) -> None:
    page.cell(FIRST_ROW + 1, PLACES[Column.NUMBER]).value = date(2025, 10, 3)


def _without_keys(page: Any) -> None:
    page.delete_cols(PLACES[Column.KEY])


def _without_numbers(page: Any) -> None:
    page.delete_cols(PLACES[Column.NUMBER])


def _deleted_rows(page: Any) -> None:
    for row in range(FIRST_ROW + len(NUMBERS) - 1, FIRST_ROW - 1, -1):
        if page.cell(row, PLACES[Column.LIGHT]).value is None:
            page.delete_rows(row)


CHANGES = (
    _sorted,
    _moved,
    _without_title_lines,
    _with_sheets,
    _numbers_as_numbers,
    _numbers_as_days,
    _without_keys,
    _without_numbers,
    _deleted_rows,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_what_people_do_to_a_table_does_not_move_an_answer(change: Any) -> None:
    """Sorted, moved, numbers turned into numbers or days, keys or rows or columns deleted: each light stays with its action."""
    reading = read(("a.xlsx", filled(THREE, change)))

    assert lights(reading) == LIGHTS
    assert asks(reading) == {}


def test_a_number_alone_never_tells() -> None:
    """Without key and title 3.1 may be 3.10: asked, with the words of the row."""

    def strip(page: Any) -> None:
        _numbers_as_numbers(page)
        page.delete_cols(PLACES[Column.TITLE])
        page.delete_cols(PLACES[Column.KEY])

    reading = read(("a.xlsx", filled({"3.10": Filled(light="vihreä")}, strip)))

    assert lights(reading) == {}
    assert [(ask.number, ask.reason, ask.quote) for ask in reading.ask_back] == [("", AskReason.UNKNOWN_ROW, "3.1 vihreä")]


def test_a_row_whose_number_and_title_are_those_of_another_is_asked() -> None:
    """Answers sorted apart from their hidden keys, or a title pasted over: the key and what people saw disagree."""

    def shift(page: Any) -> None:
        for column in (Column.NUMBER, Column.TITLE):
            page.cell(FIRST_ROW, PLACES[column]).value = page.cell(FIRST_ROW + 3, PLACES[column]).value

    reading = read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, shift)))

    assert lights(reading) == {}
    assert [ask.reason for ask in reading.ask_back] == [AskReason.UNKNOWN_ROW]


@pytest.mark.parametrize("column", [Column.NUMBER, Column.TITLE])
@pytest.mark.parametrize("has_keys", [True, False])
def test_a_row_whose_number_and_title_disagree_is_asked(column: Column, has_keys: bool) -> None:
    """One of the two was pasted over with that of another action: nobody knows which of them people saw."""

    def paste(page: Any) -> None:
        page.cell(FIRST_ROW, PLACES[column]).value = page.cell(FIRST_ROW + 3, PLACES[column]).value
        if not has_keys:
            page.delete_cols(PLACES[Column.KEY])

    reading = read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, paste)))

    assert lights(reading) == {}
    assert [ask.reason for ask in reading.ask_back] == [AskReason.UNKNOWN_ROW]


def test_a_row_that_was_changed_beyond_recognition_is_asked() -> None:
    """Key kept, number and title overwritten: somebody may have meant another action."""

    def overwrite(page: Any) -> None:
        page.cell(FIRST_ROW, PLACES[Column.NUMBER]).value = "99"
        page.cell(FIRST_ROW, PLACES[Column.TITLE]).value = "Jotain muuta"

    assert asks(read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, overwrite)))) == {"": AskReason.UNKNOWN_ROW}


def test_a_corrected_title_keeps_its_answer() -> None:
    """A typo mended in a title: key and number still agree."""

    def mend(page: Any) -> None:
        page.cell(FIRST_ROW, PLACES[Column.TITLE]).value = "Toimenpide nro 3.1 (korjattu)"

    assert lights(read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, mend)))) == {"3.1": GREEN}


def test_text_and_form_must_not_contradict() -> None:
    """Two lights for one action are asked; what only one of them says is recorded; `muut` covers what the form leaves open."""
    reading = read(("a.xlsx", filled(THREE)), text="3.1: punainen\n3.10: keltainen\nmuut vihreitä")

    assert asks(reading) == {"3.1": AskReason.TWO_LIGHTS}
    assert lights(reading) == {number: GREEN for number in NUMBERS if number != "3.1"} | {"3.10": YELLOW, "12": RED}


def test_others_cover_nothing_where_a_row_is_nobodys() -> None:
    """A light that may be that of any action: `muut vihreitä` could give green to the very action that the row calls red."""

    def overwrite(page: Any) -> None:
        page.cell(FIRST_ROW, PLACES[Column.NUMBER]).value = "99"
        page.cell(FIRST_ROW, PLACES[Column.TITLE]).value = "Jotain muuta"

    reading = read(("a.xlsx", filled({"3.1": Filled(light="punainen"), "4": Filled(light="vihreä")}, overwrite)), text="muut vihreitä")

    assert lights(reading) == {"4": GREEN}
    assert {ask.reason for ask in reading.ask_back} == {AskReason.UNKNOWN_ROW, AskReason.ALL_COVERS_NONE}


def test_two_forms_must_not_contradict() -> None:
    """An older copy beside the newer one: where they differ it is asked."""
    reading = read(("a.xlsx", filled(THREE)), ("b.xlsx", filled({"3.1": Filled(light="vihreä"), "12": Filled(light="vihreä")})))

    assert lights(reading) == {"3.1": GREEN, "3.10": YELLOW}
    assert asks(reading) == {"12": AskReason.TWO_LIGHTS}


def test_a_form_alone_names_its_mail() -> None:
    """Sent in a new mail without any reference: its signed keys are the proof."""
    assert lights(read(("a.xlsx", filled(THREE)), is_reply=False)) == LIGHTS


def test_a_forged_key_is_no_form_of_ours() -> None:
    """A key that nobody signed: nothing is read of the file, and a person looks."""
    reading = read(("a.xlsx", filled(THREE, token="aa" + "b" * (len(TOKEN) - 2))))

    assert reading.verdict is Verdict.HELD
    assert reading.answers == ()
    assert [document.name for document in reading.attachments] == ["a.xlsx"]


def test_a_form_of_another_round_is_held() -> None:
    """Last year's form in answer to this year's request names two duties."""
    other = message_id_from(b"the request of another year")
    reading = read(("a.xlsx", filled(THREE, token=mint_token(KEYRING, other))), more=(sent(other, "2023"),))

    assert reading.verdict is Verdict.HELD
    assert "tokens_differ" in reading.rules


def test_a_form_without_its_headings_is_left_for_a_person() -> None:
    """Which column is the light cannot be told: nothing is guessed."""

    def behead(page: Any) -> None:
        page.delete_rows(1, FIRST_ROW - 1)

    reading = read(("a.xlsx", filled(THREE, behead)))

    assert reading.verdict is Verdict.HELD
    assert reading.answers == ()
    assert "keltainen" in reading.attachments[0].text


def test_words_beside_the_table_are_kept() -> None:
    """A column of one's own and a line below: nobody's answer, and not lost."""

    def add(page: Any) -> None:
        page.cell(FIRST_ROW, 12).value = "Kysy tästä lisää."
        page.cell(FIRST_ROW + 20, PLACES[Column.DONE]).value = "Terveisin kulttuuritoimi"

    reading = read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, add)), text="")

    assert lights(reading) == {"3.1": GREEN}
    assert reading.note == "3.1: Kysy tästä lisää.\nTerveisin kulttuuritoimi"


def test_a_light_below_the_table_is_asked() -> None:
    """A row that somebody added, without key, number or title."""

    def add(page: Any) -> None:
        page.cell(FIRST_ROW + 20, PLACES[Column.LIGHT]).value = "punainen"

    reading = read(("a.xlsx", filled({"3.1": Filled(light="vihreä")}, add)))

    assert lights(reading) == {"3.1": GREEN}
    assert asks(reading) == {"": AskReason.UNKNOWN_ROW}
