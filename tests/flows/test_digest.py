"""What the digest tells beside the table: what waits for a person, what is red, who is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminder.domain.assessments import Assessment, TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.rounds import DateRule, StepKind
from reminder.domain.senders import Handling, SenderRules
from reminder.domain.setup import QuietDigest
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.by_hand import By, close_round, extend
from reminder.flows.overtaken import end_overtaken
from reminder.flows.settling import discard
from reminder.sandbox.machines import bounce
from reminder.store import outbox, reports
from tests.flows.test_digest_and_page import RecordingSite
from tests.flows.town import COORDINATOR, CULTURE, DIRECTOR, PRINCIPAL, REFUSED, Town, text_of


def write_digest(town: Town, day: date) -> bytes:
    """The digest of a Monday."""
    town.move_to_day(day, time(8, 30))
    (message,) = [one for one in town.announce().messages if one.kind is MailKind.DIGEST]
    return message.raw


def test_it_names_what_waits_for_a_person(town: Town) -> None:
    """A held mail, a bounce, a mail that failed for good and one whose fate is unknown stand there with their desk."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.relay.answers[DIRECTOR] = SendOutcome(result=SendResult.FAILED, code=550, text="5.1.1 no such user")
    town.relay.answers[PRINCIPAL] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    town.deliver()
    request = town.sent(CULTURE, MailKind.REQUEST)[0]
    town.source.deliver(
        bounce(request.raw, envelope_sender=request.sender, recipient=CULTURE, when=town.clock.now()), when=town.clock.now()
    )
    town.source.deliver(b"From: who@elsewhere.example\r\nSubject: Question\r\n\r\nWhat is this?\r\n", when=town.clock.now())
    town.read()

    text = text_of(write_digest(town, date(2025, 2, 17)))

    assert "who@elsewhere.example" in text
    assert "Hyväksy 2, Hylkää 2 tai Ohita 2" in text
    assert "Lähetä uudelleen tai Kuittaa" in text
    assert "On perillä tai Peru" in text
    assert "reminder outbox" not in text, "whoever has only mail needs no command line"
    assert text.lower().count("kulttuuripäällikkö") >= 2


def test_what_waits_by_the_settings_says_so(town: Town) -> None:
    """`answers_from: {contact: hold}`: the reason stands in the reader's language."""
    town.set_senders(SenderRules(contact=Handling.HOLD))
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    assert "Asetustenne mukaan" in text_of(write_digest(town, date(2025, 2, 17)))


def test_trouble_with_the_relay_stands_in_it(town: Town) -> None:
    """What is red is said in the digest, so that it is seen when the relay works again."""
    town.ask()
    town.move_to_day(date(2025, 2, 21), time(8, 0))
    town.announce()
    town.answer_all(REFUSED)
    town.deliver()

    assert "5.7.8 the password is wrong" in text_of(write_digest(town, date(2025, 2, 24)))


def test_nobody_is_late_before_the_deadline_has_ended(town: Town) -> None:
    """The deadline is Friday 28.2.2025: on the Monday before it nobody is late, on the Monday after it all are."""
    town.ask()

    before = text_of(write_digest(town, date(2025, 2, 24)))
    after = text_of(write_digest(town, date(2025, 3, 3)))

    assert "kukaan ei ole myöhässä" in before
    assert "17 on myöhässä, vanhin määräaika oli 28.2.2025" in after


def test_a_party_that_has_had_all_its_reminders_is_handed_over(town: Town) -> None:
    """After the last overdue mail nothing more goes to a silent party by itself: the digest says whose turn it is."""
    town.ask()
    for day in (date(2025, 3, 3), date(2025, 3, 7), date(2025, 3, 21), date(2025, 4, 4)):
        town.move_to_day(day, time(9, 0))
        town.announce()
        town.deliver()
    before = text_of(write_digest(town, date(2025, 4, 14)))
    town.move_to_day(date(2025, 4, 22), time(9, 0))
    town.announce()
    town.deliver()
    after = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)

    assert "nyt sinun vuorosi" not in before
    assert "nyt sinun vuorosi: kulttuuripäällikkö" in after


def test_the_coordinator_is_told_what_an_outage_cost(town: Town) -> None:
    """The service was away over three steps: the digest counts what was taken into newer mails and what lapsed."""
    town.ask()
    town.move_to_day(date(2025, 3, 10), time(9, 0))
    town.announce()
    town.deliver()
    text = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)

    assert "yhdistettiin uudempaan viestiin" in text
    assert "aika oli jo ohi" in text


def test_a_decision_that_the_files_have_ended_is_told(town: Town) -> None:
    """More time was given by hand, then the file moved the deadline: the digest says which holds."""
    town.ask()
    extend(town.house, town.round, "kulttuuripaallikko", until=date(2025, 3, 14), because="x", by=By(actor="tests"))
    moved = replace(town.round, schedule=replace(town.round.schedule, due=DateRule(base="2025-04-04")))
    town.house = replace(town.house, setup=replace(town.setup, rounds=(moved, *town.setup.rounds[1:])))
    end_overtaken(town.house)
    town.move_to_day(date(2025, 2, 17), time(9, 0))
    town.announce()
    town.deliver()

    assert "kumosi käsin tehdyn päätöksen" in text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)


def test_it_says_who_is_late_for_the_first_time(town: Town) -> None:
    """In the first round nobody knows. A year later the one that was reminded after the due date was late before, the other was not."""
    town.ask()
    town.reply(DIRECTOR, "4.3: vihreä")
    town.read()
    first = text_of(write_digest(town, date(2025, 3, 3)))
    town.deliver()
    schedule = replace(town.round.schedule, request=DateRule(base="2026-02-16"), due=DateRule(base="2026-03-02"))
    again = replace(town.round, id="2025", schedule=schedule)
    town.house = replace(town.house, setup=replace(town.setup, rounds=(*town.setup.rounds, again)))
    for day in (date(2026, 2, 16), date(2026, 3, 9)):
        town.move_to_day(day, time(9, 0))
        town.announce()
        town.deliver()
    rows = " ".join(text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw).split())

    assert "ensimmäistä kertaa" not in first
    assert "myös aiemmin" not in first
    culture, director = (
        rows[rows.rindex(name) :].split("Viimeksi lähetetty")[0] for name in ("Kulttuuripäällikkö", "Kaupunkikehitysjohtaja")
    )
    assert "arkipäivää myöhässä, myöhässä myös aiemmin" in culture
    assert "arkipäivää myöhässä, ensimmäistä kertaa" in director


@pytest.mark.parametrize("quiet", QuietDigest)
def test_a_digest_with_nothing_to_say_goes_out_as_the_settings_want_it(town: Town, quiet: QuietDigest) -> None:
    """Whole with its table, as two sentences, or not at all: then its step has ended, and no later pass of that week writes it."""
    town.house = replace(town.house, setup=replace(town.setup, quiet_digest=quiet))
    town.ask()
    for day, clock in ((17, time(8, 30)), (24, time(8, 30)), (24, time(12, 0))):
        town.move_to_day(date(2025, 2, day), clock)
        town.announce()
        town.deliver()
    first, *texts = [text_of(mail.raw) for mail in town.sent(COORDINATOR, MailKind.DIGEST)]
    with town.house.store.read() as conn:
        skipped = outbox.count_skipped(conn, town.round.programme, town.round.id, since=town.clock.now() - timedelta(days=1))

    assert "Keneltä puuttuu" in first, "it tells of the notices that were never sent"
    assert len(texts) == (quiet is not QuietDigest.NONE)
    assert skipped.get("all_clear", 0) == (quiet is QuietDigest.NONE)
    assert ["Mikään ei odota päätöstäsi." in text for text in texts] == [quiet is QuietDigest.SHORT] * len(texts)
    assert ["Keneltä puuttuu" in text for text in texts] == [quiet is QuietDigest.WHOLE] * len(texts)
    assert ["kukaan ei ole myöhässä" in text and "Seuraavaksi lähtee" in text for text in texts] == [True] * len(texts)


@pytest.mark.parametrize("trouble", ["late", "held"])
def test_a_digest_with_something_to_say_always_goes_out_whole(town: Town, trouble: str) -> None:
    """`quiet_digest: none` hides no late party and nothing that waits for a person."""
    town.house = replace(town.house, setup=replace(town.setup, quiet_digest=QuietDigest.NONE))
    town.ask()
    if trouble == "held":
        town.source.deliver(b"From: who@elsewhere.example\r\nSubject: Question\r\n\r\nWhat is this?\r\n", when=town.clock.now())
        town.read()
    text = text_of(write_digest(town, date(2025, 2, 17) if trouble == "held" else date(2025, 3, 3)))

    assert "Keneltä puuttuu" in text
    assert "Mikään ei odota" not in text


def answer_everything(town: Town) -> None:
    """Each party reports all that it leads, by way of the store: what it says is not what this is about."""
    facts = [
        Assessment(
            programme=one.programme,
            round=one.id,
            party=progress.party.id,
            action=action.id,
            light=TrafficLight.GREEN,
            received_at=town.clock.now(),
            is_lead=True,
            rule="tests",
        )
        for one in [town.round]
        for progress in [town.progress(party) for party in town.setup.programmes[one.programme].parties]
        for action in progress.asked
    ]
    with town.house.store.begin() as conn:
        reports.record_assessments(conn, facts, source="tests", now=town.clock.now())


def hold_one(town: Town) -> None:
    """A mail comes in that only a person can settle."""
    town.source.deliver(b"From: who@elsewhere.example\r\nSubject: Late thought\r\n\r\nOne more thing.\r\n", when=town.clock.now())
    town.read()
    assert town.inbox_states()[-1] is InboundState.HELD


def digests_on(town: Town, *days: date) -> list[str]:
    """What the digests say that go out in these mornings."""
    before = len(town.sent(COORDINATOR, MailKind.DIGEST))
    for day in days:
        town.move_to_day(day, time(9, 0))
        town.announce()
        town.deliver()
    return [text_of(mail.raw) for mail in town.sent(COORDINATOR, MailKind.DIGEST)[before:]]


@pytest.mark.parametrize("after", ["complete", "over", "closed"])
def test_what_waits_reaches_a_digest_when_the_round_has_none_any_more(town: Town, after: str) -> None:
    """Complete, closed by hand or long over: the digest comes on its weekday while a mail is held, and no more once it is settled."""
    town.ask()
    days = (date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 17))
    if after == "over":
        days = (date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 8))
    town.move_to_day(days[0] - timedelta(days=5))
    if after == "complete":
        answer_everything(town)
    if after == "closed":
        close_round(town.house, town.round, because="done", by=By(actor="tests"))
    assert after == "over" or digests_on(town, days[0] - timedelta(days=4)) == []
    hold_one(town)

    first = digests_on(town, *days[:2])

    assert len(first) == 1, "one a week, as before"
    assert "who@elsewhere.example" in first[0]
    assert len(digests_on(town, days[2])) == 1, "as long as it waits"
    discard(town.house, len(town.inbox_states()), because="nothing")
    assert digests_on(town, days[2] + timedelta(days=1), days[2] + timedelta(days=7)) == []


def test_a_round_that_is_complete_and_quiet_has_no_digest(town: Town) -> None:
    """Nothing waits: the schedule's step ends as complete, and nothing is sent beside it."""
    town.ask()
    town.move_to_day(date(2025, 3, 5))
    answer_everything(town)

    assert digests_on(town, date(2025, 3, 10), date(2025, 3, 17)) == []


def test_many_texts_are_one_line_before_the_table_and_stand_whole_behind_it(town: Town) -> None:
    """Who is late is not two screens further down on a phone; two texts stand where they always stood."""
    town.house = replace(town.house, site=RecordingSite())
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: avattiin\n1.10 keltainen: remontti venyi")
    town.read()
    few = text_of(write_digest(town, date(2025, 2, 24)))
    town.reply(CULTURE, "3.8 punainen: ei rahaa")
    town.read()
    many = text_of(write_digest(town, date(2025, 3, 3)))

    assert few.index("remontti venyi") < few.index("Keneltä puuttuu")
    assert "3 tekstiä odottaa julkaisua" in many
    assert many.index("Julkaise esitetyt") < many.index("Keneltä puuttuu") < many.index("remontti venyi")
    assert "Julkaise 1.1" in many
