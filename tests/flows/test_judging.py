"""The sub-committee's own view: told and asked once, read like a party's answer, and never mistaken for one (decision 0037)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.programme import LightOf
from reminder.domain.readings import InboundState
from reminder.edges.site import DirectorySite
from reminder.errors import NoAnswerRead
from reminder.flows.digest import list_judged_otherwise
from reminder.flows.judging import consult
from reminder.flows.knowledge import load_knowledge
from reminder.flows.publish import publish
from reminder.flows.replay import ReplayOutcome, find_mails, foresee, replay
from reminder.flows.settling import accept
from reminder.flows.status import list_status
from reminder.flows.tick import tick
from tests.flows.committee import ASK_DAY, CHAIR, INFORM_DAY, MEMBERS, appoint, consult_on, judged
from tests.flows.town import COORDINATOR, CULTURE, Town, templates, text_of

GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
ACK = MailKind.ACKNOWLEDGEMENT


@pytest.fixture
def asked(town: Town) -> Town:
    """The culture manager has said green of 1.1, and the chair was asked for the sub-committee's light."""
    appoint(town)
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: ikkunoita on kymmenen")
    town.read()
    consult_on(town)
    return town


def test_told_before_and_asked_after_each_once(town: Town) -> None:
    """Presenter and members get the lights; the presenter alone is asked; nothing twice."""
    appoint(town)
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: ikkunoita on kymmenen")
    town.read()
    consult_on(town, INFORM_DAY)
    consult_on(town, INFORM_DAY)
    consult_on(town, ASK_DAY)
    consult_on(town, ASK_DAY)

    assert sorted(mail.recipient for mail in town.sent(kind=MailKind.LIGHTS)) == sorted((CHAIR, *MEMBERS))
    assert [mail.recipient for mail in town.sent(kind=MailKind.JUDGEMENT)] == [CHAIR]
    said = text_of(town.sent(CHAIR, MailKind.LIGHTS)[0].raw)
    assert "1 vihreää, 0 keltaista, 0 punaista" in said
    assert "[1.1] Tyhjät näyteikkunat taiteilijoiden käyttöön ● vihreä ”ikkunoita on kymmenen”" in said
    assert "Vastuutaho: ● vihreä. ”ikkunoita on kymmenen”" in text_of(town.sent(CHAIR, MailKind.JUDGEMENT)[0].raw)


def test_the_presenters_light_stands_beside_the_partys(asked: Town) -> None:
    """Recorded, acknowledged, corrected; the party's own answer is what it was."""
    facts = asked.facts()
    asked.reply(CHAIR, "1.1 punainen: ei riitä\n1.10 ehkä", kind=MailKind.JUDGEMENT)
    asked.read()
    asked.deliver()

    assert {action: own.light for action, own in judged(asked).items()} == {"nayteikkunat": RED}
    assert asked.facts() == facts
    told = text_of(asked.sent(CHAIR, ACK)[-1].raw)
    assert "■ punainen ”ei riitä”" in told
    assert "Jaoston arvio näkyy tästä eteenpäin vastuutahon arvion rinnalla." in told
    asked.reply(CHAIR, "1.1 keltainen", kind=ACK)
    asked.read()
    asked.deliver()
    assert judged(asked)["nayteikkunat"].light is YELLOW
    assert "▲ keltainen (oli: ■ punainen)" in text_of(asked.sent(CHAIR, ACK)[-1].raw)
    assert asked.facts() == facts


def test_where_the_two_lights_are_seen(asked: Town, tmp_path: object) -> None:
    """Status, digest, page and open data have both."""
    asked.reply(CHAIR, "1.1 punainen: ei riitä", kind=MailKind.JUDGEMENT)
    asked.read()

    rows = {row["action"]: row for row in list_status(asked.house, None, "fi")}
    assert (rows["1.1"]["light"], rows["1.1"]["sub_committee"]) == ("green", "red")
    with asked.house.store.read() as conn:
        knowledge = load_knowledge(conn, asked.setup, asked.clock.now())
        (otherwise,) = list_judged_otherwise(conn, knowledge, asked.round)
    assert (otherwise.number, otherwise.light, otherwise.judged, otherwise.text) == ("1.1", GREEN, RED, "ei riitä")
    site = DirectorySite(tmp_path / "site")  # type: ignore[operator]
    house = replace(asked.house, site=site)
    assert publish(house, templates()).is_changed
    pages = {path.name: path.read_text() for path in (tmp_path / "site").resolve().rglob("*.json")}  # type: ignore[operator]
    data = [json.loads(page) for page in pages.values() if '"sub_committee_light"' in page]
    lights = {row["number"]: row["sub_committee_light"] for one in data for row in one.get("actions", ())}
    assert lights["1.1"] == "red"
    assert not publish(house, templates()).is_changed


def test_of_members_the_middle_light_counts_and_the_spread_is_shown(town: Town) -> None:
    """Each is asked; the chair, who is none of them, is not."""
    appoint(town, LightOf.MEMBERS)
    town.ask()
    consult_on(town)
    assert sorted(mail.recipient for mail in town.sent(kind=MailKind.JUDGEMENT)) == sorted(MEMBERS)
    for member, light in zip(MEMBERS, ("vihreä", "keltainen", "punainen"), strict=True):
        town.reply(member, f"1.1 {light}: sanon {light}", kind=MailKind.JUDGEMENT)
    town.read()

    own = judged(town)["nayteikkunat"]
    assert (own.light, own.spread, own.text) == (YELLOW, {GREEN: 1, YELLOW: 1, RED: 1}, "")
    rows = {row["action"]: row for row in list_status(town.house, None, "fi")}
    assert rows["1.1"]["sub_committee_spread"] == {"green": 1, "yellow": 1, "red": 1}


def test_the_short_ways_that_the_mail_offers(asked: Town) -> None:
    """Several numbers at one light, and all the others, of whichever party; as one pass of the service does it."""
    asked.reply(CHAIR, "1.1, 1.10 vihreä\nmuut keltainen", kind=MailKind.JUDGEMENT)
    tick(asked.house, templates())

    lights = {action: own.light for action, own in judged(asked).items()}
    assert {action for action, light in lights.items() if light is GREEN} == {"nayteikkunat", "toritapahtumat"}
    assert len(lights) == sum(asked.round.asks_for(action) for action in asked.setup.programmes["elinvoima"].actions)


def test_a_phase_is_no_light(asked: Town) -> None:
    """A party may say that it is done; the sub-committee is asked for the light."""
    asked.reply(CHAIR, "1.1 valmis", kind=MailKind.JUDGEMENT)
    asked.read()
    assert judged(asked) == {}
    assert asked.inbox_states()[-1] is InboundState.ASKED_BACK


@pytest.mark.parametrize("sender", [CULTURE, COORDINATOR, MEMBERS[0], "toinen@suvikoski.example", "vieras@muualla.example"])
def test_nobody_else_gives_it(asked: Town, sender: str) -> None:
    """A party, the coordinator, a member, a colleague and a stranger who hold the mail with its token: it waits, and cannot be accepted."""
    facts = asked.facts()
    asked.reply(CHAIR, "1.1 punainen", sender=sender, kind=MailKind.JUDGEMENT)
    asked.read()

    assert asked.inbox_states()[-1] is InboundState.HELD
    assert judged(asked) == {}
    with pytest.raises(NoAnswerRead):
        accept(asked.house, len(asked.inbox_states()))
    assert judged(asked) == {}
    assert asked.facts() == facts


def test_what_a_party_writes_is_never_the_sub_committees(asked: Town) -> None:
    """The chair also answers for a party: each reply counts for the mail that it answers, and one to both for neither."""
    asked.reply(CHAIR, "muut vihreä", kind=MailKind.REQUEST)
    asked.read()
    assert judged(asked) == {}
    asked.reply(CULTURE, "1.1 punainen\n\njaosto: 1.1 punainen", kind=MailKind.REQUEST)
    asked.read()
    assert judged(asked) == {}
    question = asked.original(CHAIR, MailKind.JUDGEMENT)
    raw = asked.write_reply(asked.original(CHAIR), "1.1 punainen").replace(
        b"References: ", b"References: " + question.message_id.encode() + b" "
    )
    asked.source.deliver(raw, when=asked.clock.now())
    asked.read()
    assert asked.inbox_states()[-1] is InboundState.HELD
    assert judged(asked) == {}


def test_a_reply_to_the_lights_records_nothing(town: Town) -> None:
    """The mail before the meeting asks for nothing, and its lights, quoted, are nobody's answer."""
    appoint(town)
    town.ask()
    town.reply(CULTURE, "1.1 vihreä")
    town.read()
    consult_on(town, INFORM_DAY)
    facts = town.facts()
    quoted = "\n".join(f"> {line}" for line in town.original(MEMBERS[0], MailKind.LIGHTS).text.splitlines())
    town.reply(MEMBERS[0], f"1.1 punainen\n\n{quoted}", kind=MailKind.LIGHTS)
    town.reply(CHAIR, "muut punainen", kind=MailKind.LIGHTS)  # has a party's report to give, and gives it by another mail
    town.reply(CULTURE, f"Kiitos!\n\n{quoted}")
    town.read()

    assert town.facts() == facts
    assert judged(town) == {}
    assert town.inbox_states()[1:3] == [InboundState.HELD, InboundState.HELD]


def test_what_is_quoted_is_no_light(asked: Town) -> None:
    """The party's light stands in the question; quoted, it is not the sub-committee's."""
    quoted = "\n".join(f"> {line}" for line in asked.original(CHAIR, MailKind.JUDGEMENT).text.splitlines())
    asked.reply(CHAIR, f"1.10 keltainen\n\n{quoted}", kind=MailKind.JUDGEMENT)
    asked.read()
    assert {action: own.light for action, own in judged(asked).items()} == {"toritapahtumat": YELLOW}


def test_forged(asked: Town) -> None:
    """Where our own server says that the address is forged, it waits."""
    asked.house = replace(asked.house, addressing=replace(asked.house.addressing, trusted_authserv="mx.suvikoski.example"))
    raw = asked.write_reply(asked.original(CHAIR, MailKind.JUDGEMENT), "1.1 punainen")
    asked.source.deliver(b"Authentication-Results: mx.suvikoski.example; dmarc=fail\r\n" + raw, when=asked.clock.now())
    asked.read()
    assert asked.inbox_states()[-1] is InboundState.HELD
    assert judged(asked) == {}


def test_read_again_it_is_the_same(asked: Town) -> None:
    """A replay finds what was recorded, and changes nothing."""
    asked.reply(CHAIR, "1.1 punainen: ei riitä", kind=MailKind.JUDGEMENT)
    asked.read()
    before = judged(asked)
    mails = find_mails(asked.house, everything=True)
    assert {change.outcome for change in foresee(asked.house, mails)} == {ReplayOutcome.SAME}
    list(replay(asked.house, mails))
    assert judged(asked) == before


def test_a_dry_run_writes_nothing(town: Town) -> None:
    """It says what it would write. Nothing at all before `arm`, while paused, and outside the sending window."""
    appoint(town)
    town.move_to_day(ASK_DAY)
    assert consult(town.house).messages == ()
    town.arm()
    town.move_to_day(ASK_DAY, time(7))
    assert consult(town.house).messages == ()
    town.move_to_day(ASK_DAY)
    assert len(consult(town.house, dry_run=True).messages) == 1
    assert town.rows(MailKind.JUDGEMENT) == []
