"""What the digest says of the planner: parties that are the coordinator's now, mails that an outage cost, plans that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.compose.kinds import kind_name
from reminder.compose.views import DigestProblem
from reminder.domain.assessments import Assessment
from reminder.domain.intents import SkipReason
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language, ResponsibleParty
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows.agenda import REPLANNED
from reminder.flows.knowledge import Knowledge
from reminder.flows.overtaken import OVERTAKEN
from reminder.plan.known import Known, people_above
from reminder.store import outbox, reports
from reminder.store.events import load_events

_CHASING = frozenset(kind for kind in StepKind if MailKind(kind.value).is_chasing)

_SKIPPED: Mapping[Language, Mapping[SkipReason, str]] = {
    "fi": {
        SkipReason.COLLAPSED: "Väliin jääneitä viestejä yhdistettiin uudempaan viestiin: {count}.",
        SkipReason.EXPIRED: "Viestejä jäi lähettämättä, koska niiden aika oli jo ohi: {count}.",
    },
    "sv": {
        SkipReason.COLLAPSED: "Mejl som uteblev och togs in i ett nyare mejl: {count}.",
        SkipReason.EXPIRED: "Mejl som inte skickades eftersom deras tid hade gått ut: {count}.",
    },
    "en": {
        SkipReason.COLLAPSED: "Mails that were missed and taken into a newer one: {count}.",
        SkipReason.EXPIRED: "Mails that were not sent since their time had passed: {count}.",
    },
}
_UNSENT: Mapping[Language, str] = {
    "fi": "Nämä viestit eivät lähteneet, koska niitä ei saatu ajoissa postipalvelimelle: {who}. Muistuta tarvittaessa itse.",
    "sv": "Dessa mejl gick inte ut eftersom e-postservern inte tog emot dem i tid: {who}. Påminn själv vid behov.",
    "en": "These mails did not go out, since the mail relay did not take them in time: {who}. Remind them yourself where it is needed.",
}
_TWO_ANSWERS: Mapping[Language, str] = {
    "fi": "Saman vastuutahon puolesta on vastannut useampi henkilö eri tavoin: {who}. Voimassa on viimeisin vastaus.",
    "sv": "Flera personer har svarat olika för samma ansvariga: {who}. Det senaste svaret gäller.",
    "en": "Several people have answered differently for the same party: {who}. The latest answer counts.",
}
_CHANGED: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        OVERTAKEN: "Tiedostojen muutos kumosi käsin tehdyn päätöksen: {who}. {because}",
        REPLANNED: "Ohjelma muuttui, ja uusi pyyntö lähtee: {who}. {because}",
    },
    "sv": {
        OVERTAKEN: "En ändring i filerna upphävde ett beslut som fattats för hand: {who}. {because}",
        REPLANNED: "Programmet ändrades, och en ny begäran skickas: {who}. {because}",
    },
    "en": {
        OVERTAKEN: "An edit of the files has ended a decision made by hand: {who}. {because}",
        REPLANNED: "The programme has changed, and a new request goes out: {who}. {because}",
    },
}


def list_handed_over(knowledge: Knowledge, one: ReportingRound, language: Language) -> tuple[DigestProblem, ...]:
    """The late parties that no further mail goes to, and those that nobody stands above although an escalation names somebody."""
    names = {party: entry.name.in_language(language) for party, entry in knowledge.setup.programmes[one.programme].parties.items()}
    chased, found = _still_chased(knowledge, one), list[DigestProblem]()
    for party in knowledge.progress(one).parties:
        if party.is_complete or not party.is_overdue:
            continue
        name, due_on = names[party.party.id], party.deadline.due_on
        if party.party.id not in chased:
            found.append(DigestProblem(kind="enough", what=name, on=due_on, reason="enough"))
        elif _lacks_somebody_above(knowledge, one, party.party.id):
            found.append(DigestProblem(kind="nobody_above", what=name, on=due_on, reason="nobody_above"))
    return tuple(found)


def list_plan_warnings(conn: Connection, knowledge: Knowledge, one: ReportingRound, language: Language, since: datetime) -> Iterator[str]:
    """What an outage cost since an instant, and what was planned anew, in a sentence each."""
    counts = outbox.count_skipped(conn, one.programme, one.id, since=since)
    for reason, text in _SKIPPED[language].items():
        if count := counts.get(reason.value):
            yield text.format(count=count)
    names = knowledge.setup.programmes[one.programme].parties
    if unsent := outbox.list_unsent(conn, one.programme, one.id, since=since):
        told = (f"{_name(names, party, language)} ({kind_name(kind, language)})" for party, kind in unsent)
        yield _UNSENT[language].format(who=", ".join(told))
    for event in load_events(conn, kinds=_CHANGED[language], programme=one.programme, round_id=one.id, since=since):
        who = names[event.party].name.in_language(language) if event.party in names else one.name.in_language(language)
        yield _CHANGED[language][event.kind].format(who=who, because=event.document["because"])


def tell_two_answers(conn: Connection, knowledge: Knowledge, one: ReportingRound, language: Language, since: datetime) -> tuple[str, ...]:
    """Which parties have had different lights for one action from several people, the newest of them since an instant (fault P11)."""
    programme = knowledge.setup.programmes[one.programme]
    numbers = {action.id: action.number for action in programme.actions}
    said: dict[tuple[str, str], list[Assessment]] = {}
    for fact in reports.load_assessments(conn, programme=one.programme, round_id=one.id):
        if fact.light is not None and fact.inbound_id is not None:  # who is no contact has no pseudonym, and is somebody else all the same
            said.setdefault((fact.party, fact.action), []).append(fact)
    found: dict[str, list[str]] = {}
    for (party, action), facts in said.items():
        is_split = len({fact.actor for fact in facts}) > 1 and len({fact.light for fact in facts}) > 1
        if is_split and max(fact.received_at for fact in facts) >= since:
            found.setdefault(party, []).append(numbers.get(action, action))
    told = [f"{_name(programme.parties, party, language)} ({', '.join(shown)})" for party, shown in found.items()]
    return (_TWO_ANSWERS[language].format(who="; ".join(told)),) if told else ()


def _name(parties: Mapping[str, ResponsibleParty], party: str, language: Language) -> str:
    return parties[party].name.in_language(language) if party in parties else party


def _still_chased(knowledge: Knowledge, one: ReportingRound) -> set[str]:
    """The parties to which a mail about what is missing will still go, or waits to go."""
    known = Known.of(knowledge.setup, knowledge.plan_state())
    steps = (step for step in knowledge.timeline() if (step.key.programme, step.key.round) == (one.programme, one.id))
    live = (step for step in steps if step.key.step in _CHASING and step.expires_at > knowledge.now and not known.is_beyond_cap(step.key))
    return {step.key.party for step in live if any(not due.recipient.is_above for due in known.open_dues(step))}


def _lacks_somebody_above(knowledge: Knowledge, one: ReportingRound, party: str) -> bool:
    """Whether the day of an escalation has come and there is nobody whom it could name."""
    if people_above(knowledge.setup, one.programme, one.id, party):
        return False
    steps = (
        step for step in knowledge.timeline() if (step.key.programme, step.key.round, step.key.party) == (one.programme, one.id, party)
    )
    return any(step.key.step is StepKind.ESCALATION and step.not_before <= knowledge.now for step in steps)
