"""What is said, decided, switched and remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.domain.assessments import Assessment, Phase, TrafficLight, latest
from reminder.domain.messages import OutboxState
from reminder.store import bounces, control, events, inbox, outbox, overlays, people, reports
from reminder.store.engine import Store
from reminder.store.overlays import OverlayKind
from tests.store.cast import INSTANCE, LEASE, NOW, assessment, incoming, outgoing


def test_a_mail_speaks_once_of_an_action(store: Store) -> None:
    """Invariant I2: interpreting again adds nothing; what is new comes back, all fields as they were said."""
    with store.begin() as conn:
        (mail,) = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        said = replace(assessment(inbound_id=mail), phase=Phase.DONE, next_step="seuraava", next_on=date(2026, 9, 1), is_provisional=True)
        other = replace(said, action="a13", light=None, is_lead=False, is_late=True)

        assert reports.record_assessments(conn, [said], source=f"inbound:{mail}", now=NOW) == (said,)
        assert reports.record_assessments(conn, [said, other], source="anything", now=NOW) == (other,)
        assert reports.load_assessments(conn) == (said, other)


def test_history_is_in_the_order_of_receiving(store: Store) -> None:
    """By INTERNALDATE, then by mail; of one programme and round where asked; a command needs its own source."""
    with store.begin() as conn:
        first, second = inbox.capture(conn, [incoming("7", "a"), incoming("8", "b")], instance=INSTANCE, now=NOW)
        late = assessment(inbound_id=first, received_at=NOW + timedelta(hours=1))
        early = assessment(TrafficLight.RED, inbound_id=second)
        command = replace(early, inbound_id=None)
        elsewhere = replace(early, round="2025", inbound_id=None)
        for one in (late, command, early, elsewhere):
            reports.record_assessments(conn, [one], source="command:1", now=NOW)

        assert reports.record_assessments(conn, [command], source="command:1", now=NOW) == ()
        assert reports.load_assessments(conn, programme="elvo", round_id="2024") == (early, command, late)
        assert reports.load_assessments(conn, programme="other") == ()


ASSESSMENTS = st.builds(
    assessment,
    st.sampled_from([None, *TrafficLight]),
    inbound_id=st.sampled_from([None, 1, 2, 3]),
    received_at=st.sampled_from([NOW, NOW + timedelta(days=1)]),
    text=st.sampled_from(["a", "b"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ASSESSMENTS, max_size=6).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_what_stands_does_not_depend_on_the_order(orders: tuple[list[Assessment], list[Assessment]]) -> None:
    """Invariant I4: the current state is a function of the set of facts."""
    one, other = orders
    assert latest(one) == latest(other)


def test_the_newest_answer_stands() -> None:
    """The later light wins; words without a light take nothing away (invariant I5)."""
    green, red = assessment(TrafficLight.GREEN), assessment(TrafficLight.RED, received_at=NOW + timedelta(days=1))
    words = assessment(None, received_at=NOW + timedelta(days=2))

    assert latest([red, words, green]) == {("kulttuuri", "a12"): red}


def test_an_extension_makes_a_new_version(store: Store) -> None:
    """The newest one is in force; each has its number, also after an earlier one has ended."""

    def extend(day: str) -> int:
        with store.begin() as conn:
            return overlays.add_overlay(
                conn,
                kind=OverlayKind.EXTENSION,
                programme="elvo",
                round_id="2024",
                party="kulttuuri",
                value={"due_on": day},
                because="näyttelyt kesken",
                actor="pkoordinaattori",
                now=NOW,
            )

    first, second = extend("2026-03-09"), extend("2026-03-16")
    with store.begin() as conn:
        (extension,) = overlays.load_extensions(conn)
        assert (extension.due_on, extension.version, extension.because) == (date(2026, 3, 16), 2, "näyttelyt kesken")
        assert overlays.end_overlay(conn, second, because="the file says otherwise", now=NOW)
        assert not overlays.end_overlay(conn, second, because="again", now=NOW)
        assert [one.version for one in overlays.load_extensions(conn)] == [1]
        assert [one.id for one in overlays.load_overlays(conn, with_ended=True)] == [first, second]
    third = extend("2026-03-23")
    with store.read() as conn:
        assert [(one.version, one.due_on) for one in overlays.load_extensions(conn)] == [(3, date(2026, 3, 23))]
        assert [one.id for one in overlays.load_overlays(conn)] == [first, third]
    with pytest.raises(ValueError, match="isoformat"):
        extend("ensi viikolla")


def test_a_waiver_names_its_action(store: Store) -> None:
    """Waived actions are no longer asked for."""
    with store.begin() as conn:
        overlays.add_overlay(
            conn,
            kind=OverlayKind.WAIVER,
            programme="elvo",
            round_id="2024",
            party="kulttuuri",
            subject="a12",
            because="siirtyi",
            actor="pk",
            now=NOW,
        )
        assert overlays.load_waived(conn) == {("elvo", "2024", "a12")}
        assert overlays.load_extensions(conn) == ()


def test_people_get_one_pseudonym(store: Store) -> None:
    """One id an address, whatever its case; ten characters that say nothing; the same at each asking."""
    with store.begin() as conn:
        first = people.ensure_persons(conn, ["Kulttuuripaallikko@Koskela.example", "rehtori@autere.example"], NOW)
        again = people.ensure_persons(conn, ["kulttuuripaallikko@koskela.example", "uusi@koskela.example"], NOW)

        assert again["kulttuuripaallikko@koskela.example"] == first["kulttuuripaallikko@koskela.example"]
        assert len(set(people.load_persons(conn).values())) == 3
        assert people.find_address(conn, first["rehtori@autere.example"]) == "rehtori@autere.example"
        assert all(len(person) == 11 and person[0] == "p" for person in first.values())


def test_an_erased_person_is_forgotten(store: Store) -> None:
    """Decision 6: the mapping goes, unsent mails are cancelled, sent ones lose bytes and address; history keeps the id."""
    with store.begin() as conn:
        person = people.ensure_persons(conn, ["rehtori@autere.example"], NOW)["rehtori@autere.example"]
        outbox.enqueue(conn, outgoing("lahetetty", person=person), NOW)
        (sent,) = outbox.claim(conn, "w", NOW, lease=LEASE, limit=1)
        outbox.record_result(conn, sent, "accepted", now=NOW)
        outbox.enqueue(conn, outgoing("jonossa", person=person), NOW)

        assert people.erase_person(conn, person, NOW)
        assert not people.erase_person(conn, "pnobody", NOW)
        assert (people.find_address(conn, person), people.load_persons(conn)) == (None, {})
        assert outbox.count_by_state(conn) == {OutboxState.ACCEPTED: 1, OutboxState.CANCELLED: 1}
        assert outbox.load_raw(conn, "lahetetty") == b""
        assert people.ensure_persons(conn, ["rehtori@autere.example"], NOW)["rehtori@autere.example"] != person


def test_arm_and_pause(store: Store) -> None:
    """Decision 11: not armed, nothing goes; a pause holds schedule mails, or everything, and ends by itself or by hand."""
    tomorrow = NOW + timedelta(days=1)

    def held() -> tuple[bool, bool, bool]:
        with store.read() as conn:
            state = control.load_control(conn)
        return state.is_armed, state.holds_schedule_mails(NOW), state.holds_everything(NOW)

    seen = [held()]
    with store.begin() as conn:
        control.arm(conn, NOW)
    seen.append(held())
    with store.begin() as conn:
        control.pause(conn, NOW, until=tomorrow)
    seen.append(held())
    with store.begin() as conn:
        assert not control.load_control(conn).is_paused(tomorrow)
        control.pause(conn, NOW, everything=True)
    seen.append(held())
    with store.begin() as conn:
        control.resume(conn)
    seen.append(held())
    with store.begin() as conn:
        control.disarm(conn)
    seen.append(held())

    assert seen == [
        (False, True, True),
        (True, False, False),
        (True, True, False),
        (True, True, True),
        (True, False, False),
        (False, True, True),
    ]


@pytest.mark.fault("C2", "C3")
def test_the_clock_has_a_high_water_mark(store: Store) -> None:
    """Faults C2 and C3: backwards or more than 400 days ahead is not believed, and does not move the mark."""
    with store.begin() as conn:
        verdicts = [
            control.observe_clock(conn, NOW + step).is_suspicious
            for step in (
                timedelta(0),
                timedelta(hours=1),
                timedelta(minutes=59),  # a time server corrects
                timedelta(minutes=57),
                timedelta(days=500),
                timedelta(days=399),
                timedelta(hours=2),
            )
        ]
        control.accept_clock(conn, NOW)
        accepted = control.observe_clock(conn, NOW)

    assert verdicts == [False, False, False, True, True, False, True]
    assert (accepted.is_suspicious, accepted.high_water) == (False, NOW)


def test_history_can_be_asked(store: Store) -> None:
    """By kind, place and time; oldest first; with a limit the newest ones."""
    with store.begin() as conn:
        for number in range(4):
            events.append_event(
                conn, "mail_read" if number % 2 else "armed", NOW + timedelta(hours=number), party=f"p{number}", document={"n": number}
            )
        events.record_published(conn, "a" * 64, NOW)
        events.record_published(conn, "b" * 64, NOW)

        assert [one.document["n"] for one in events.load_events(conn)] == [0, 1, 2, 3]
        assert [one.party for one in events.load_events(conn, kinds={"mail_read"}, since=NOW + timedelta(hours=2))] == ["p3"]
        assert [one.party for one in events.load_events(conn, limit=2)] == ["p2", "p3"]
        assert [one.party for one in events.load_events(conn, party="p1", programme="")] == ["p1"]
        published = events.last_published(conn)
    assert published is not None
    assert published.state_hash == "b" * 64


def test_a_bounce_is_told_once(store: Store) -> None:
    """A fact about a delivery: the mail keeps its state."""
    with store.begin() as conn:
        outbox.enqueue(conn, outgoing(), NOW)
        (mail,) = inbox.capture(conn, [incoming()], instance=INSTANCE, now=NOW)
        fact = bounces.Bounce(
            message="kulttuuri234", inbound=mail, recipient_person="p", is_permanent=True, status="5.1.1", diagnostic="unknown user", at=NOW
        )

        assert bounces.record_bounce(conn, fact)
        assert not bounces.record_bounce(conn, fact)
        assert bounces.load_bounces(conn) == bounces.load_bounces(conn, message="kulttuuri234", since=NOW) == (fact,)
        assert bounces.load_bounces(conn, message="other") == ()
