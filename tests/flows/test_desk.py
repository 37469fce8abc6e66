"""The coordinator's desk: what waits is settled by answering the digest, a command a line (decision 0029)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.carry_out import carry_out
from reminder.parse.message import read_mail
from reminder.store import commands, control, events
from reminder.store.commands import CommandState
from reminder.wire.mailto import read_mailto
from tests.flows.town import COORDINATOR, CULTURE, DIRECTOR, PRINCIPAL, Town, text_of

PARTY = "kulttuuripaallikko"
CODE = re.compile(r"koodi ([A-Z2-7]{4}-[A-Z2-7]{4})")
STRANGER = "joku@muualla.example"
THREE = """lisäaikaa kulttuuripäällikölle 15.4. asti: lomat
kirjaa 1.1 vihreä: avattiin, soitti
muistuta lukion rehtoria"""


@pytest.fixture
def desk(town: Town) -> Town:
    """The requests have gone out, a stranger has answered for a party, and the coordinator has the digest."""
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: avattiin\n1.10 keltainen: kesken", sender=STRANGER)
    town.read()
    town.go(date(2025, 2, 24))
    town.go(date(2025, 3, 3))
    assert town.sent(COORDINATOR, MailKind.DIGEST)
    return town


def order(town: Town, words: str, *, sender: str = "", kind: MailKind = MailKind.DIGEST) -> str:
    """The coordinator answers the newest mail of a kind; what the service answers."""
    before = len(town.sent(COORDINATOR, MailKind.DESK))
    town.clock.advance(timedelta(minutes=5))
    town.reply(COORDINATOR, words, sender=sender, kind=kind)
    town.read()
    carry_out(town.house)
    town.deliver()
    answers = town.sent(COORDINATOR, MailKind.DESK)
    assert len(answers) <= before + (2 if "kooste" in words else 1)
    return text_of(answers[-1].raw) if len(answers) > before else ""


def test_a_held_reply_is_accepted_and_taken_back(desk: Town) -> None:
    """The stranger's lights count for the party, and the line in the answer withdraws them again."""
    (held,) = [number for number, state in enumerate(desk.inbox_states(), start=1) if state is InboundState.HELD]

    told = order(desk, f"hyväksy {held}")

    assert "Tehty: Vastaus" in told
    assert {fact.action for fact in desk.facts()}
    assert f"Kumoa vastaamalla: hylkää {held}" in told
    told = order(desk, f"hylkää {held}: soitin, ei ole heiltä", kind=MailKind.DESK)
    assert "ei oteta huomioon" in told
    assert desk.facts() == ()


def test_several_lines_are_done_in_their_order_and_answered_once(desk: Town) -> None:
    """More time, an answer by phone and a reminder in one mail, each with its undo."""
    told = order(
        desk,
        f"Hei,\n\n{THREE}\n\nTerveisin K",
    )

    assert told.count("Tehty:") == 3, told
    assert "määräaika on nyt ti 15.4.2025" in told
    (fact,) = desk.facts()
    assert (fact.party, fact.text, fact.rule) == (PARTY, "avattiin, soitti", "command")
    assert "peru lisäaika" in told
    with desk.house.store.read() as conn:
        kinds = [event.document["kind"] for event in events.load_events(conn, kinds={"decided_by_hand"})]
    assert kinds == ["extension", "record", "added_step"]
    desk.go(date(2025, 3, 4))
    assert any(b"X-Reminder-Kind: overdue" in mail.raw for mail in desk.sent(PRINCIPAL))


def test_what_only_sounds_like_a_command_is_not_done_and_not_lost(desk: Town) -> None:
    """A question, a condition and free words: nothing is changed, and the answer shows each with how it would be done."""
    told = order(desk, "muistuta kulttuuripäällikköä jos ei vastaa\nhyväksytkö 1?\nSoitan rehtorille huomenna.")

    assert "Rivissä on ehto tai varaus" in told
    assert "muistuta [vastuutaho]" in told
    assert "Soitan rehtorille huomenna." in told
    assert desk.facts() == ()
    with desk.house.store.read() as conn:
        assert commands.next_waiting(conn) is None
    assert desk.inbox_states()[-1] is InboundState.ASKED_BACK


@pytest.mark.fault("A11")
def test_closing_a_round_waits_for_a_code_that_works_once(desk: Town) -> None:
    """The code goes to the coordinator, closes the round when it comes back, and does nothing the second time (fault A11)."""
    told = order(desk, "sulje kierros")
    (code,) = CODE.findall(told)
    assert "Odottaa vahvistusta" in told
    with desk.house.store.read() as conn:
        assert not events.load_events(conn, kinds={"decided_by_hand"})

    told = order(desk, code, kind=MailKind.DESK)
    assert "on suljettu" in told
    again = order(desk, code, kind=MailKind.DESK)

    assert "Koodi on jo käytetty" in again
    with desk.house.store.read() as conn:
        assert len(events.load_events(conn, kinds={"decided_by_hand"})) == 1


def test_a_code_runs_out_after_a_day(desk: Town) -> None:
    """Then the command has to be written again."""
    (code,) = CODE.findall(order(desk, "sulje kierros"))
    desk.clock.advance(timedelta(days=1))

    assert "Koodi on vanhentunut" in order(desk, code, kind=MailKind.DESK)


@pytest.mark.fault("A10")
@pytest.mark.parametrize("sender", [STRANGER, CULTURE])
def test_nobody_else_orders_anything(desk: Town, sender: str) -> None:
    """The digest was forwarded and somebody else answers it: held, and nothing is done."""
    assert order(desk, "tauko\nhyväksy 1", sender=sender) == ""

    assert desk.inbox_states()[-1] is InboundState.HELD
    with desk.house.store.read() as conn:
        assert not control.load_control(conn).is_paused(desk.clock.now())


@pytest.mark.fault("A10")
def test_a_command_that_is_quoted_is_not_carried_out(desk: Town) -> None:
    """Only the coordinator's own first-level words count."""
    told = order(desk, "> tauko\n> sulje kierros\n\nkiitos koosteesta")

    with desk.house.store.read() as conn:
        assert not control.load_control(conn).is_paused(desk.clock.now())
        assert commands.next_waiting(conn) is None
    assert "Tehty" not in told


def test_names_that_fit_two_parties_are_refused_with_both(desk: Town) -> None:
    """`toimitusjohtaja` is two of them."""
    told = order(desk, "muistuta toimitusjohtajaa")

    assert "voi olla" in told
    assert "Ei tehty:" in told


def test_pausing_and_going_on(desk: Town) -> None:
    """By mail as by hand; the answers pass all the same."""
    assert "pysäytetty ti 15.4.2025 asti" in order(desk, "tauko 15.4. asti")
    with desk.house.store.read() as conn:
        assert control.load_control(conn).is_paused(desk.clock.now())
    assert "lähtevät taas" in order(desk, "jatka", kind=MailKind.DESK)
    with desk.house.store.read() as conn:
        assert not control.load_control(conn).is_paused(desk.clock.now())


def test_a_line_is_carried_out_once_whoever_dies(desk: Town) -> None:
    """Killed after the first of two lines: the next process does the second, and answers once."""
    desk.clock.advance(timedelta(minutes=5))
    desk.reply(COORDINATOR, "lisäaikaa kulttuuripäällikölle 15.4. asti\nlisäaikaa lukion rehtorille 16.4. asti", kind=MailKind.DIGEST)
    desk.read()
    stops = iter([False, True])
    desk.house = replace(desk.house, should_stop=lambda: next(stops, True))

    carry_out(desk.house)

    with desk.house.store.read() as conn:
        states = [one.state for one in commands.load_commands(conn, len(desk.inbox_states()))]
    assert states == [CommandState.DONE, CommandState.WAITING]


def test_a_link_of_the_digest_is_the_same_command(desk: Town) -> None:
    """`Hyväksy 1` opens a reply that holds the line and the reference; sent as it is, the reply counts."""
    html = "\n".join(read_mail(desk.sent(COORDINATOR, MailKind.DIGEST)[-1].raw).html)
    links = [unescape(url) for url in re.findall(r'href="(mailto:[^"]+)"', html)]
    (accepting,) = [url for url in links if read_mailto(url)[2].startswith("hyväksy 1\n")]

    told = order(desk, read_mailto(accepting)[2])

    assert "Tehty: Vastaus 1 on kirjattu: 1.1 ● vihreä, 1.10 ▲ keltainen, käynnissä." in told
    assert len(desk.facts()) == 2


def test_a_mail_that_failed_or_may_have_gone_is_settled_by_the_links_of_the_digest(desk: Town) -> None:
    """No command line: what failed is sent again or put away, of what may have gone the coordinator says that it arrived."""
    lost, refused, mended = PRINCIPAL, CULTURE, DIRECTOR
    desk.relay.answers[lost] = SendOutcome(result=SendResult.UNKNOWN, text="lost after the dot")
    for address in (refused, mended):
        desk.relay.answers[address] = SendOutcome(result=SendResult.FAILED, code=550, text="5.7.1 not today")
    desk.go(date(2025, 3, 7))
    desk.relay.answers.clear()
    order(desk, "lähetä kooste")
    html = "\n".join(read_mail(desk.sent(COORDINATOR, MailKind.DESK)[-2].raw).html)
    lines = [read_mailto(unescape(url))[2].splitlines()[0] for url in re.findall(r'href="(mailto:[^"]+)"', html)]
    ids = {address: next(row.id for row in reversed(desk.rows(recipient=address))) for address in (lost, refused, mended)}
    assert "reminder outbox" not in unescape(html)
    wanted = [f"kuittaa viesti {ids[lost]}", f"peru viesti {ids[refused]}", f"lähetä viesti {ids[mended]}"]
    assert set(wanted) <= set(lines), lines

    told = order(desk, "\n".join(wanted), kind=MailKind.DESK)

    assert "on merkitty perille tulleeksi" in told
    assert "on nyt kuitattu" in told
    assert "yritetään lähettää uudelleen" in told
    desk.deliver()
    states = {address: next(row.state for row in desk.rows(recipient=address) if row.id == ids[address]) for address in ids}
    assert states == {lost: OutboxState.ACCEPTED, refused: OutboxState.CANCELLED, mended: OutboxState.ACCEPTED}
    assert "Viesti" in order(desk, f"kuittaa viesti {ids[lost]}", kind=MailKind.DESK), "a second time it waits for nothing"
    order(desk, "lähetä kooste", kind=MailKind.DESK)
    again = text_of(desk.sent(COORDINATOR, MailKind.DESK)[-2].raw)
    assert not any(number in again for number in ids.values())
