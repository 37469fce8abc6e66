"""`plan`: the whole year before it happens, and what an edit would change about it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import FileSystemLoader

from reminder.cli.headings import PLAN_NOTES
from reminder.cli.meeting_tables import print_order
from reminder.cli.opening import now_or_real, open_store_if_there
from reminder.cli.output import complaints, console, print_document, print_table, say, write_out
from reminder.cli.selecting import check_party, language_of, read_day
from reminder.compose.edits import EditText, describe_edit
from reminder.compose.kinds import kind_name
from reminder.compose.reasons import explain_date
from reminder.compose.words import format_date
from reminder.compose.year.document import write_document
from reminder.compose.year.ics import render_calendar
from reminder.compose.year.rendering import render_page, render_svg
from reminder.compose.year.telling import name_mail, name_state
from reminder.compose.year.views import MailState, YearMail
from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.foreseen import ForeseenMail, MailChange, PlanDifference
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKey
from reminder.domain.setup import Setup
from reminder.errors import EXIT_DONE, ReminderError, UsageFailure
from reminder.flows.absences import Moved, map_moves, tell_move
from reminder.flows.comparing import compare_for_command
from reminder.flows.decision_words import tell_decisions
from reminder.flows.meetings import list_meetings
from reminder.flows.year import Past, Wanted, build_year, list_year_mails, load_past
from reminder.plan.known import recipients_of
from reminder.plan.surveys import list_respondents, survey_steps
from reminder.plan.timeline import plan_surveys
from reminder.resources import find_templates

FORMS = ("table", "html", "svg", "ics", "json")


_SURVEY = {"fi": "kysely", "sv": "enkät", "en": "survey"}
_ONLY_PLANNED = {"fi": "kysely, ei lähetetä vielä", "sv": "enkät, skickas inte ännu", "en": "survey, not sent yet"}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the commands of this module."""
    plan = commands.add_parser("plan", parents=[common], help="every mail that will go out: when, to whom, and why that date")
    plan.add_argument("--from", dest="start", type=read_day, metavar="D", help="first day, such as 2025-02-01")
    plan.add_argument("--until", type=read_day, metavar="D", help="last day")
    plan.add_argument("--party", metavar="P", help="only this responsible party")
    plan.add_argument("--as", dest="form", choices=FORMS, default="table", help="as what (default: table)")
    plan.add_argument("--out", type=Path, metavar="FILE", help="write it into a file instead of on standard output")
    plan.add_argument("--against", type=Path, metavar="DIR", help="what would change if the files in DIR took their place")
    plan.set_defaults(run=run_plan)


def run_plan(args: argparse.Namespace) -> int:
    """The year, in one of five forms; or the difference that an edit makes. Works without a database; with one, says what is settled."""
    setup = load_or_raise(args.config)
    if args.against is not None:
        return _run_against(args, setup)
    if args.party is not None:
        check_party(setup, args.party)
    now, wanted = now_or_real(args), Wanted(start=args.start, until=args.until, party=args.party)
    past = load_past(open_store_if_there(args), setup, now)
    _print_decided(args, setup, past)
    setup = past.decided or setup
    if args.form == "table":
        if args.out is not None:
            raise UsageFailure("A table goes to standard output.", advice="Name a form with --as html, svg, ics or json.")
        return _print_steps(args, setup, past, now, wanted)
    write_out(args, _render(args, setup, past, now, wanted))
    return EXIT_DONE


def _print_decided(args: argparse.Namespace, setup: Setup, past: Past) -> None:
    """What was decided by hand, above the table; the pictures show it where it holds."""
    if args.form == "table":
        names = {person: address for address, person in past.state.persons.items()}
        for line in tell_decisions(setup, past.overlays, language_of(args), names):
            say(args, line)


def _render(args: argparse.Namespace, setup: Setup, past: Past, now: datetime, wanted: Wanted) -> bytes:
    view, language = build_year(setup, past, now, wanted, instance=_instance(args)), language_of(args)
    if args.form == "ics":
        return render_calendar(view, language)
    if args.form == "json":
        return (json.dumps(write_document(view, language), ensure_ascii=False) + "\n").encode()
    render = render_page if args.form == "html" else render_svg
    return render(view, FileSystemLoader(find_templates()), language).encode()


def _print_steps(args: argparse.Namespace, setup: Setup, past: Past, now: datetime, wanted: Wanted) -> int:
    """One row a step and party, as the planner has them."""
    language = language_of(args)
    moved = map_moves(setup, past.state)
    mails = list_year_mails(setup, past, now, wanted)
    rows = [_with_moves(setup, row, mail, moved, args) for mail in mails for row in _rows_of(mail, language, is_json=args.json)]
    rows += _survey_rows(setup, wanted, language, is_json=args.json)
    rows.sort(key=lambda row: str(row["at"]))
    columns = {"when": "when", "kind": "kind", "party": "party", "to": "to", "state": "standing", "why": "why this date"}
    empty, note = PLAN_NOTES[language]
    print_table(args, "", rows, columns=columns, empty=empty, wide_only={"why"})
    say(args, note.format(count=len(rows)))
    for held in past.meetings if past.has_store else list_meetings(setup):
        if any(wanted.has(day, args.party or "") for day in held.meeting.days):
            print_order(args, setup, held)
    return EXIT_DONE


def _rows_of(mail: YearMail, language: Language, *, is_json: bool) -> list[dict[str, object]]:
    common = {
        "when": f"{format_date(mail.on, language)} {mail.at:%H:%M}",
        "at": mail.at.isoformat(),
        "round": f"{mail.programme}/{mail.round}",
        "kind": mail.kind.value if is_json else name_mail(mail, language),
        "ordinal": mail.ordinal,
        "settled": mail.state in {MailState.SENT, MailState.SKIPPED},
        "state": mail.state.value if is_json else name_state(mail, language),
        "why": explain_date(mail.why, language),
    }
    if not mail.parties:
        return [{**common, "party": "-", "to": list(mail.recipients)}]
    return [{**common, "party": party.id, "to": list(party.addresses)} for party in mail.parties]


def _with_moves(
    setup: Setup, row: dict[str, object], mail: YearMail, moved: Mapping[StepKey, Sequence[Moved]], args: argparse.Namespace
) -> dict[str, object]:
    """A row with those for whom it leaves later, or not at all, since they are away: a list in JSON, else behind the reason of its date."""
    key = StepKey(
        programme=mail.programme,
        round=mail.round,
        party=str(row["party"]),
        step=mail.kind,
        ordinal=mail.ordinal,
        deadline_version=mail.version,
    )
    told = [(one, tell_move(setup, one, language_of(args))) for one in moved.get(key, ())]
    if args.json:
        zone = setup.calendar.zone
        return {**row, "moved": [{"to": one.recipient.address, "at": one.at.astimezone(zone).isoformat(), "why": why} for one, why in told]}
    return {**row, "why": "; ".join([str(row["why"]), *(why for _, why in told)])}


def _list_survey_steps(setup: Setup) -> Iterator[tuple[PlannedStep, tuple[str, ...]]]:
    """Each step with the addresses that it asks; none where the survey has no questions yet."""
    asking = {(one.programme, one.id): one for one in setup.surveys if one.survey is not None}
    for one in asking.values():
        asked = tuple(contact.address for contact in list_respondents(setup.directory, one))
        yield from ((step, asked) for step in survey_steps(setup, one))
    yield from ((step, ()) for step in plan_surveys(setup) if (step.key.programme, step.key.round) not in asking)


def _survey_rows(setup: Setup, wanted: Wanted, language: Language, *, is_json: bool) -> list[dict[str, object]]:
    """The dates of the surveys: of those with questions a row a step and whom it asks, of the others what is only planned."""
    calendar = setup.calendar
    return [
        {
            "when": f"{format_date(step.why.on, language)} {step.not_before.astimezone(calendar.zone):%H:%M}",
            "at": step.not_before.isoformat(),
            "round": f"{step.key.programme}/{step.key.round}",
            "kind": step.key.step.value if is_json else kind_name(step.key.step, language),
            "ordinal": step.key.ordinal,
            "settled": False,
            "state": "survey" if is_json else (_SURVEY if asks else _ONLY_PLANNED)[language],
            "why": explain_date(step.why, language),
            "party": step.key.party or "-",
            "to": list(asks) or [recipient.address for recipient in recipients_of(setup, step.key, {})],
        }
        for step, asks in _list_survey_steps(setup)
        if wanted.has(step.why.on, step.key.party)
    ]


def _run_against(args: argparse.Namespace, setup: Setup) -> int:
    """What the files in another folder would change; nothing is changed by asking."""
    edited = load_or_raise(args.against)
    difference = compare_for_command(open_store_if_there(args), setup, edited, now_or_real(args))
    language = language_of(args)
    text = describe_edit(difference, edited.calendar.zone, language)
    if args.json:
        print_document(_edit_document(difference, text))
        return EXIT_DONE
    console.print(text.summary, markup=False)
    for warning in text.warnings:
        complaints.print(warning, style="bold yellow", markup=False)
    for block in (*text.changes, *text.sent):
        console.print("\n".join(("", *block.lines())), markup=False)
    return EXIT_DONE


def _edit_document(difference: PlanDifference, text: EditText) -> dict[str, object]:
    return {
        "summary": text.summary,
        "warnings": list(text.warnings),
        "armed": difference.is_armed,
        "sent": difference.sent,
        "changes": [_change_document(change) for change in difference.changes],
        "affected": [
            {
                "kind": effect.kind.value,
                "mail": effect.step.value,
                "round": f"{effect.programme}/{effect.round}",
                "party": effect.party,
                "sent_on": effect.sent_on.isoformat(),
                "was": effect.was.isoformat() if effect.was else None,
                "now": effect.now.isoformat() if effect.now else None,
                "actions": list(effect.actions),
            }
            for effect in difference.effects
        ],
    }


def _change_document(change: MailChange) -> dict[str, object]:
    return {
        "change": change.kind.value,
        "mail": change.mail.kind.value,
        "round": "/".join(change.mail.place),
        "parties": list(change.mail.parties),
        "before": _mail_document(change.before),
        "after": _mail_document(change.after),
        "cause": change.cause.kind.value,
        "at_once": change.comes_at_once,
    }


def _mail_document(mail: ForeseenMail | None) -> dict[str, object] | None:
    if mail is None:
        return None
    asks = [f"{party}/{number}" for party, number in sorted(mail.asks)]
    return {"to": mail.recipient.address, "at": mail.leaves_at.isoformat(), "asks": asks, "why": explain_date(mail.head.why, "en")}


def _instance(args: argparse.Namespace) -> str:
    try:
        return load_settings(args.config, os.environ, complete=False).instance
    except ReminderError:
        return ""
