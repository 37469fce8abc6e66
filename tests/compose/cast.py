"""The small town that every mail test knows: Suvikoski, one programme, some parties, no persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from jinja2 import FileSystemLoader

from reminder.compose.composing import Composer
from reminder.compose.meeting_views import Change, DiscussedAction, InvitationView
from reminder.compose.views import (
    AbsentContact,
    AcknowledgementTone,
    AcknowledgementView,
    ActionView,
    AlertView,
    AnsweredBy,
    DigestProblem,
    DigestRow,
    DigestView,
    Disagreement,
    Heading,
    LastTime,
    LightCount,
    PartySection,
    RecordedAnswer,
    ReportStanding,
    ScheduleMailView,
    StandingAnswer,
    StandingSection,
    StandingView,
    UpcomingMail,
    WaitingReminder,
)
from reminder.compose.words import join_names
from reminder.domain.absences import Substitute
from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.hearings import MeetingKind
from reminder.domain.messages import DraftMessage, Item, MailKind
from reminder.domain.programme import Decision, Language, Localised, PartyKind, ResponsibleParty
from reminder.domain.readings import AskBack, AskReason
from reminder.domain.setup import Office
from reminder.domain.workdays import DatedReason, Reason, ReasonKind, Unit
from reminder.wire.reply_token import plus_address

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TOKEN = "ar7k3qmnopqrst" + "abcdefghijklmnopqrst"
TODAY = date(2025, 2, 14)
DUE = date(2025, 2, 28)
NOW = datetime(2025, 3, 10, 6, 30, tzinfo=UTC)
STATEMENTS = Localised({"fi": "tilinpäätös", "sv": "bokslutet", "en": "the financial statements"})
WHY = DatedReason(
    on=DUE,
    chain=(
        Reason(kind=ReasonKind.BASE, on=TODAY, name=STATEMENTS),
        Reason(kind=ReasonKind.OFFSET, on=TODAY, amount=10, unit=Unit.WORKING_DAYS),
        Reason(kind=ReasonKind.RESULT, on=DUE),
    ),
)
OFFICE = Office(
    city=Localised({"fi": "Suvikosken kaupunki", "sv": "Suvikoski stad", "en": "City of Suvikoski"}),
    name=Localised(
        {"fi": "Elinvoimajaoston valmistelu", "sv": "Beredningen av livskraftssektionen", "en": "Office of the Vitality Sub-Committee"}
    ),
    phone="09 4245 0100",
)
PROGRAMME = Localised({"fi": "Elinvoimaohjelma 2024–2027", "sv": "Livskraftsprogrammet 2024–2027", "en": "Vitality Programme 2024–2027"})
ROUND = Localised({"fi": "Vuoden 2024 toimenpiteet", "sv": "Åtgärderna för år 2024", "en": "Actions of 2024"})
CULTURE = ResponsibleParty(
    id="kulttuuripaallikko",
    name=Localised({"fi": "kulttuuripäällikkö", "sv": "kulturchefen", "en": "Head of Culture"}),
)
GROUP = ResponsibleParty(
    id="johtoryhma", name=Localised({"fi": "johtoryhmä", "sv": "ledningsgruppen", "en": "Management Group"}), kind=PartyKind.BODY
)
TITLES = {
    "12": "Taidenäyttelyt tyhjiin liiketiloihin",
    "13": "Kesätapahtumien yhteinen kalenteri ja lipunmyynti",
    "14": "Kulttuurikortti uusille asukkaille",
}
KINDS = (MailKind.NOTICE, MailKind.REQUEST, MailKind.REMINDER, MailKind.LAST_CALL, MailKind.OVERDUE, MailKind.ESCALATION)


def composer() -> Composer:
    """A composer over the repository's templates."""
    return Composer(FileSystemLoader(TEMPLATES))


def heading(language: Language = "fi", *, today: date = TODAY) -> Heading:
    """The head of every mail of the cast."""
    return Heading(
        language=language,
        office=OFFICE,
        programme=PROGRAMME,
        round_name=ROUND,
        reply_address=plus_address("seuranta@suvikoski.example", TOKEN),
        tag="ELVO-7K3Q",
        token=TOKEN,
        today=today,
        case_number="SVK/412/00.01.02/2023",
    )


def item(number: str, *, party: str = CULTURE.id, title: str | None = None, programme: str = "elinvoima") -> Item:
    """One action as a mail asks for it."""
    shown = TITLES.get(number, f"Toimenpide {number}") if title is None else title
    return Item(programme=programme, round="2024", party=party, action=f"a{number}", number=number, title=shown)


def action(number: str, *, party: str = CULTURE.id, title: str | None = None, is_contribution: bool = False) -> ActionView:
    """One action as a view; twelve was yellow last time."""
    last = LastTime(on=date(2024, 2, 20), light=TrafficLight.YELLOW, phase=Phase.ONGOING, text="Sopimus on kesken.")
    return ActionView(
        item=item(number, party=party, title=title), last_time=last if number == "12" else None, is_contribution=is_contribution
    )


def section(kind: MailKind, *numbers: str, party: ResponsibleParty = CULTURE, answered: tuple[str, ...] = ()) -> PartySection:
    """One party's part."""
    return PartySection(
        party=party,
        programme_name=PROGRAMME,
        round_name=ROUND,
        kind=kind,
        due_on=DUE,
        due_why=WHY,
        closes_on=date(2025, 4, 25),
        working_days_left=5,
        working_days_late={MailKind.OVERDUE: 3, MailKind.ESCALATION: 10}.get(kind, 0),
        request_on=TODAY,
        actions=tuple(action(number, party=party.id) for number in numbers),
        answered=tuple(action(number, party=party.id) for number in answered),
    )


def schedule_view(kind: MailKind = MailKind.REQUEST, language: Language = "fi", *sections: PartySection) -> ScheduleMailView:
    """A schedule mail on the day that fits its kind."""
    days = {
        MailKind.REMINDER: date(2025, 2, 21),
        MailKind.LAST_CALL: DUE,
        MailKind.OVERDUE: date(2025, 3, 5),
        MailKind.ESCALATION: date(2025, 3, 14),
    }
    chased = ("12", "14") if kind in days else ("12", "13", "14")
    own = section(kind, *chased, answered=("13",) if kind in days else ())
    return ScheduleMailView(
        kind=kind,
        heading=heading(language, today=days.get(kind, TODAY)),
        sections=sections or (own,),
        decision=Decision(body="Kaupunginvaltuusto", on=date(2023, 12, 11), section="§ 87", case_number="SVK/412/00.01.02/2023"),
        programme_url="https://www.suvikoski.example/elinvoimaohjelma",
    )


def acknowledgement_view(language: Language = "fi", tone: AcknowledgementTone = AcknowledgementTone.PARTIAL) -> AcknowledgementView:
    """An answer to 12 and 13, a puzzle in 14, 15 missing."""
    recorded = (
        RecordedAnswer(item=item("12"), light=TrafficLight.GREEN, text="Palvelu avattiin.", was=TrafficLight.YELLOW),
        RecordedAnswer(
            item=item("13"),
            light=TrafficLight.YELLOW,
            phase=Phase.ONGOING,
            text="Hankinta viivästyi.",
            next_step="Sopimus allekirjoitetaan",
            next_on=date(2025, 5, 15),
            is_provisional=True,
        ),
    )
    view = AcknowledgementView(
        heading=heading(language),
        tone=tone,
        party_names=(CULTURE.name,),
        recorded=recorded,
        ask_back=(AskBack(number="14", reason=AskReason.TWO_LIGHTS, quote="vihreä tai keltainen", item=item("14")),),
        missing=(action("15"),),
        due_on=DUE,
        their_subject="VS: Re: Elinvoimaohjelma 2024–2027: 3 toimenpidettä [ELVO-7K3Q]",
        note="Palaan asiaan loman jälkeen.",
    )
    if tone is AcknowledgementTone.COMPLETE:
        return replace(view, ask_back=(), missing=())
    return replace(view, recorded=(), missing=()) if tone is AcknowledgementTone.NOTHING_UNDERSTOOD else view


def standing_view(language: Language = "fi", *, is_complete: bool = False) -> StandingView:
    """Somebody asked: 12 is recorded, 13 and 14 are missing, 15 may be added to."""
    recorded = StandingAnswer(
        item=item("12"),
        light=TrafficLight.GREEN,
        phase=Phase.ONGOING,
        text="Palvelu avattiin.",
        next_step="Sopimus allekirjoitetaan",
        next_on=date(2025, 5, 15),
        on=date(2025, 2, 18),
        by=AnsweredBy.DEPUTY,
        is_provisional=True,
    )
    one = StandingSection(
        party=CULTURE.name,
        due_on=DUE,
        closes_on=date(2025, 4, 25),
        answered=(recorded,),
        missing=() if is_complete else (action("13"), action("14")),
        open_contributions=() if is_complete else (action("15", is_contribution=True),),
        working_days_left=8,
    )
    return StandingView(heading=heading(language), sections=(one,), their_subject="Tilanne?")


def absent_contacts() -> tuple[AbsentContact, ...]:
    """One who comes back in time and names substitutes, one who does not say when."""
    moved = WaitingReminder(kind=MailKind.REMINDER, planned_on=date(2025, 3, 12), on=date(2025, 3, 17))
    left_out = WaitingReminder(kind=MailKind.REMINDER, planned_on=date(2025, 3, 13), on=date(2025, 3, 17), gives_way=True)
    substitutes = (
        Substitute(address="meri.malli@suvikoski.example", name="Meri Malli", quote="Sijaiseni on Meri Malli"),
        Substitute(name="Maja Modell", quote="Kiireelliset asiat: Maja Modell"),
    )
    away = AbsentContact(party=CULTURE.name, who="Sihteeri", last_day=date(2025, 3, 14), waits=(moved, left_out), substitutes=substitutes)
    return (away, AbsentContact(party=GROUP.name, who="Puheenjohtaja", last_day=None))


def digest_rows() -> tuple[DigestRow, ...]:
    """One silent and late, one partial, one that bounces, one complete."""
    name = Localised.everywhere
    return (
        DigestRow(
            party=CULTURE.name,
            standing=ReportStanding.SILENT,
            missing_numbers=("12", "13", "14"),
            asked_count=3,
            due_on=DUE,
            working_days_late=6,
            last_mail_kind=MailKind.OVERDUE,
            last_mail_on=date(2025, 3, 7),
            was_late_before=False,
        ),
        DigestRow(
            party=GROUP.name,
            standing=ReportStanding.PARTIAL,
            missing_numbers=("21",),
            asked_count=4,
            due_on=date(2025, 3, 14),
            last_mail_kind=MailKind.REMINDER,
            last_mail_on=date(2025, 3, 7),
            is_extended=True,
        ),
        DigestRow(party=name("Suvimatkat Oy"), standing=ReportStanding.BOUNCED, missing_numbers=("31",), asked_count=1, due_on=DUE),
        DigestRow(party=name("Lukion rehtori"), standing=ReportStanding.COMPLETE, missing_numbers=(), asked_count=2, due_on=DUE),
    )


def digest_view(language: Language = "fi") -> DigestView:
    """Four parties: one silent and late, one partial, one puzzling, one complete."""
    name = Localised.everywhere
    problems = (
        DigestProblem(kind="held", what="toimisto@suvikodit.example", on=date(2025, 3, 6), detail="Unknown sender.", reference="inbox 12"),
        DigestProblem(
            kind="bounced", what="Suvimatkat Oy", on=date(2025, 3, 5), detail="5.1.1 No such user", reference="outbox abcdefghijkl"
        ),
    )
    return DigestView(
        heading=heading(language, today=date(2025, 3, 10)),
        absent=absent_contacts(),
        disagreements=(
            Disagreement(
                item=item("12"),
                lead=CULTURE.name,
                light=TrafficLight.GREEN,
                other=GROUP.name,
                other_light=TrafficLight.RED,
                text="Tiloja ei ole.",
            ),
        ),
        as_of=NOW,
        rows=digest_rows(),
        problems=problems,
        upcoming=(
            UpcomingMail(on=date(2025, 3, 14), kind=MailKind.LAST_CALL, count=1),
            UpcomingMail(on=date(2025, 3, 21), kind=MailKind.OVERDUE, count=2),
        ),
        lights=(
            LightCount(round_name=name("2024"), green=2, yellow=3, red=1, other=1, awaited=5),
            LightCount(round_name=name("2023"), green=4, yellow=5, red=2, other=0, awaited=1),
        ),
        oldest_due_on=DUE,
        warnings=("Postipalvelin ei vastaa.",),
    )


def alert_view(language: Language = "fi") -> AlertView:
    """The relay refuses us."""
    return AlertView(
        heading=heading(language),
        what="Postipalvelin hylkää kirjautumisen.",
        since=NOW,
        means="Viestejä ei lähde.",
        to_do="Vaihda salasana ja jatka.",
        command="reminder doctor",
    )


def invitation_view(language: Language = "fi", change: Change = Change.NEW) -> InvitationView:
    """A hearing with one action that was reported and one that was not."""
    return InvitationView(
        heading=heading(language),
        change=change,
        kind=MeetingKind.HEARING,
        parties=(CULTURE.name, GROUP.name),
        on=date(2025, 3, 18),
        begins=time(13),
        ends=time(13, 20),
        minutes=20,
        was_on=date(2025, 3, 18) if change is Change.MOVED else None,
        was_begins=time(14),
        was_ends=time(14, 20),
        place=Localised({"fi": "kaupungintalo", "sv": "stadshuset", "en": "City Hall"}),
        link="https://video.kunta.example/1",
        presenter="Elinvoimakoordinaattori",
        actions=(
            DiscussedAction(number="12", title="Näyttelyt", light=TrafficLight.YELLOW, text="Sopimus on kesken."),
            DiscussedAction(number="13", title="Torin tapahtumat"),
        ),
    )


def odd_schedule_mails(language: Language) -> dict[str, DraftMessage]:
    """What depends on how things stand: not understood, bounced, a warning, a manager's copy, two programmes in one mail."""
    post = composer()
    mails = {}
    for standing in (ReportStanding.NOT_UNDERSTOOD, ReportStanding.BOUNCED):
        for kind in (MailKind.REMINDER, MailKind.OVERDUE):
            own = replace(section(kind, "12", "14"), standing=standing)
            mails[f"{kind.value}_{standing.value}"] = post.schedule_mail(schedule_view(kind, language, own))
    late = replace(section(MailKind.ESCALATION, "12", "14"), told_on=date(2025, 3, 21))
    mails["escalation_warning"] = post.schedule_mail(schedule_view(MailKind.ESCALATION, language, late))
    named = replace(late, told_on=date(2025, 3, 14))
    mails["escalation_named"] = post.schedule_mail(schedule_view(MailKind.ESCALATION, language, named))
    above = replace(schedule_view(MailKind.ESCALATION, language, named), is_above=True)
    mails["escalation_above"] = post.schedule_mail(above)
    mails["two_programmes"] = post.schedule_mail(two_programmes_view(language))
    late_request = replace(section(MailKind.REQUEST, "12"), working_days_late=4)
    view = schedule_view(MailKind.REQUEST, language, late_request)
    mails["request_after_deadline"] = post.schedule_mail(replace(view, heading=heading(language, today=date(2025, 3, 6))))
    return mails


def two_programmes_view(language: Language = "fi") -> ScheduleMailView:
    """An overdue mail that also holds a request of another programme, with a number that both have."""
    wellbeing = Localised({"fi": "Hyvinvointiohjelma", "sv": "Välfärdsprogrammet", "en": "Wellbeing Programme"})
    other = replace(
        section(MailKind.REQUEST, party=GROUP),
        programme_name=wellbeing,
        due_on=date(2025, 3, 28),
        actions=(ActionView(item=item("12", party=GROUP.id, title="Kulttuuripolku", programme="hyvinvointi")),),
    )
    view = schedule_view(MailKind.OVERDUE, language, section(MailKind.OVERDUE, "12", "14"), other)
    both = join_names([PROGRAMME, wellbeing])
    return replace(view, heading=replace(view.heading, programme=both), tags={"elinvoima": "ELVO", "hyvinvointi": "HYVO"})


def every_mail(language: Language) -> dict[str, DraftMessage]:
    """One of each mail in a language."""
    post = composer()
    mails = {kind.value: post.schedule_mail(schedule_view(kind, language)) for kind in KINDS}
    both = (section(MailKind.REQUEST, "12", "13"), section(MailKind.REQUEST, "21", party=GROUP))
    asked = {kind: replace(schedule_view(kind, language), sheet_name="a.xlsx") for kind in (MailKind.REQUEST, MailKind.REMINDER)}
    mails |= {f"{kind.value}_with_form": post.schedule_mail(view) for kind, view in asked.items()}
    mails["request_two_parties"] = post.schedule_mail(schedule_view(MailKind.REQUEST, language, *both))
    mails |= odd_schedule_mails(language)
    for tone in AcknowledgementTone:
        mails[f"acknowledgement_{tone.value}"] = post.acknowledgement(acknowledgement_view(language, tone))
    attached = replace(acknowledgement_view(language), documents=("raportti.docx", ""))
    mails["acknowledgement_with_documents"] = post.acknowledgement(attached)
    mails |= {
        "standing": post.standing(standing_view(language)),
        "standing_complete": post.standing(standing_view(language, is_complete=True)),
    }
    mails |= {f"invitation_{change.value}": post.invitation(invitation_view(language, change)) for change in Change}
    mails["invitation_seminar"] = post.invitation(replace(invitation_view(language), kind=MeetingKind.SEMINAR, actions=()))
    return mails | {"digest": post.digest(digest_view(language)), "alert": post.alert(alert_view(language))}
