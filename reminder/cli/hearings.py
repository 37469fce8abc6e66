"""`hearings`: the running order of a round's meetings with who has answered, as a table, a page, a calendar or JSON Lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import FileSystemLoader

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_lines, print_table, say, write_out
from reminder.cli.selecting import find_round, language_of
from reminder.compose.meetings.ics import render_order_calendar
from reminder.compose.meetings.rendering import render_order
from reminder.compose.meetings.views import OrderRow, OrderView
from reminder.compose.meetings.words import WORDS, say_answer
from reminder.compose.words import capital, format_date, format_hours
from reminder.domain.hearings import MeetingKind
from reminder.domain.programme import Language
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.meeting_orders import load_orders
from reminder.resources import find_templates


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    hearings = commands.add_parser("hearings", parents=[common], help="who is heard when, and who has answered the invitation")
    hearings.add_argument("round", metavar="ROUND", help="the round")
    hearings.add_argument("--as", dest="form", choices=["table", "html", "ics", "json"], default="table", help="as what (default: table)")
    hearings.add_argument("--seminar", action="store_true", help="the page of the seminar, in place of that of the hearings")
    hearings.add_argument("--out", type=Path, metavar="FILE", help="write it into a file instead of on standard output")
    hearings.set_defaults(run=run_hearings)


def run_hearings(args: argparse.Namespace) -> int:
    """The meetings of a round; changes nothing."""
    with Opened(args, Needs()) as house:
        views = load_orders(house, find_round(house.setup, args.round))
    language, form = language_of(args), "json" if args.json else args.form
    if form == "json":
        print_lines(_documents(views))
    elif form == "table":
        _print_tables(args, views, language)
    elif not views:
        raise UsageFailure(WORDS[language].nothing, advice="Write `hearings` or `seminar` under the round in schedule.yaml.")
    else:
        write_out(args, render_order_calendar(views, language) if form == "ics" else _render_page(args, views, language))
    return EXIT_DONE


def _render_page(args: argparse.Namespace, views: Sequence[OrderView], language: Language) -> bytes:
    wanted = MeetingKind.SEMINAR if args.seminar else MeetingKind.HEARING
    view = next((one for one in views if one.kind is wanted), None)
    if view is None:
        raise UsageFailure(
            f"The round has no {wanted.value}.", advice=f"Write it under the round in schedule.yaml; it has: {views[0].kind.value}."
        )
    return render_order(view, FileSystemLoader(find_templates()), language).encode()


def _print_tables(args: argparse.Namespace, views: Sequence[OrderView], language: Language) -> None:
    words = WORDS[language]
    if not views:
        say(args, words.nothing)
    for view in views:
        columns = {"when": words.when.lower(), "party": words.party.lower(), "people": words.people.lower(), "answer": words.answer.lower()}
        print_table(args, words.kinds[view.kind], [_row(row, language) for row in view.rows], columns=columns)
        if view.unplaced:
            say(args, f"{words.no_room}: {', '.join(capital(party.in_language(language)) for _, party in view.unplaced)}")


def _row(row: OrderRow, language: Language) -> dict[str, object]:
    return {
        "when": f"{format_date(row.on, language)} {format_hours(row.begins, row.ends, language)}",
        "party": [capital(party.in_language(language)) for party in row.parties],
        "people": [one.address for one in row.people],
        "answer": [say_answer(one.attendance, language, is_told=one.is_told) for one in row.people],
    }


def _documents(views: Sequence[OrderView]) -> Iterator[dict[str, object]]:
    """One line a visit; who has no slot stands in the last ones."""
    for view in views:
        common = {"round": view.key.rpartition("/")[0], "meeting": view.kind.value}
        for row in view.rows:
            people = [
                {"address": one.address, "invited": one.is_told, "answer": one.attendance.value if one.attendance else None}
                for one in row.people
            ]
            yield {
                **common,
                "on": row.on.isoformat(),
                "begins": f"{row.begins:%H:%M}",
                "ends": f"{row.ends:%H:%M}",
                "parties": list(row.ids),
                "people": people,
            }
        for party, _ in view.unplaced:
            yield {**common, "on": None, "begins": None, "ends": None, "parties": [party], "people": []}
