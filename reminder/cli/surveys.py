"""`survey`: how a survey was answered, as a table, JSON or CSV; or the mail that asks it, before it goes out."""

from __future__ import annotations

import argparse
import email
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import policy
from pathlib import Path

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_table, say, write_out
from reminder.cli.selecting import find_survey, language_of
from reminder.compose.words import light_word
from reminder.domain.assessments import TrafficLight
from reminder.domain.intents import Recipient, SendIntent
from reminder.domain.programme import Language
from reminder.domain.rounds import ReportingRound
from reminder.domain.surveys import SHOWN_FROM, QuestionResult, Scale, SurveyResult
from reminder.errors import EXIT_DONE, UsageFailure
from reminder.flows.house import House
from reminder.flows.survey_results import load_result
from reminder.flows.surveying import compose_survey
from reminder.plan.surveys import list_respondents, survey_steps
from reminder.report.site.open_data import write_rows
from reminder.store.surveys import count_doomed
from reminder.wire.survey_form import SURVEY_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    answered: str
    too_few: str
    open: str
    doomed: str
    hidden: str
    mean: str


_WORDS: Mapping[Language, _Words] = {
    "fi": _Words(
        answered="{name}: {answered}/{asked} on vastannut.",
        too_few="Tulokset näytetään, kun vastauksia on vähintään {least}.",
        open="Kysely on kesken: seuraava vastaus muuttaa lukuja, ja kahden tulosteen ero on yhden ihmisen vastaus.",
        doomed="Postipalvelimelta on vielä poistamatta {count} viestiä.",
        hidden="alle {least} vastausta",
        mean="keskiarvo",
    ),
    "sv": _Words(
        answered="{name}: {answered} av {asked} har svarat.",
        too_few="Resultatet visas när det finns minst {least} svar.",
        open="Enkäten pågår: nästa svar ändrar siffrorna, och skillnaden mellan två utskrifter är en människas svar.",
        doomed="På e-postservern återstår att radera {count} mejl.",
        hidden="färre än {least} svar",
        mean="medelvärde",
    ),
    "en": _Words(
        answered="{name}: {answered} of {asked} have answered.",
        too_few="Results are shown when there are at least {least} answers.",
        open="The survey is still open: the next answer changes the figures, and two printouts differ by one person's answer.",
        doomed="{count} mails are still to be deleted on the mail server.",
        hidden="fewer than {least} answers",
        mean="mean",
    ),
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    survey = commands.add_parser("survey", parents=[common], help="how a survey was answered, or the mail that asks it")
    survey.add_argument("round", metavar="ROUND", help="the round of the survey")
    survey.add_argument("--as", dest="form", choices=["table", "json", "csv"], default="table", help="as what (default: table)")
    survey.add_argument("--preview", choices=["eml", "text", "html"], help="the mail to the first who is asked, in place of the result")
    survey.add_argument("--out", type=Path, metavar="FILE", help="write it into a file instead of on standard output")
    survey.set_defaults(run=run_survey)


def run_survey(args: argparse.Namespace) -> int:
    """The result of a survey; changes nothing."""
    language, form = language_of(args), "json" if args.json else args.form
    with Opened(args, Needs()) as house:
        one = find_survey(house.setup, args.round)
        if args.preview:
            write_out(args, _preview(house, one, args.preview))
            return EXIT_DONE
        with house.store.read() as conn:
            result, doomed = load_result(conn, house.setup, one, house.clock.now()), count_doomed(conn)
    if form == "json":
        write_out(args, (json.dumps(write_document(result, language), ensure_ascii=False) + "\n").encode())
    elif form == "csv":
        write_out(args, _write_csv(result, language))
    else:
        _print(args, result, doomed, language)
    return EXIT_DONE


def _preview(house: House, one: ReportingRound, form: str) -> bytes:
    asked, now = list_respondents(house.setup.directory, one), house.clock.now()
    if not asked:
        raise UsageFailure(f"Nobody is asked in survey {one.id}.", advice="Give its members contacts in contacts.yaml, or name `people`.")
    to = Recipient(person=asked[0].id, address=asked[0].address, name=asked[0].name, language=asked[0].language)
    intent = SendIntent(recipient=to, steps=survey_steps(house.setup, one)[:1])
    message = compose_survey(house, intent, now)
    return message.raw if form == "eml" else _part(message.raw, "html" if form == "html" else "plain")


def _part(raw: bytes, subtype: str) -> bytes:
    mail = email.message_from_bytes(raw, policy=policy.default)
    body = mail.get_body((subtype,))
    return b"" if body is None else str(body.get_content()).encode()


def write_document(result: SurveyResult, language: Language) -> dict[str, object]:
    """The result as JSON; what may not be shown is null."""
    return {
        "round": f"{result.programme}/{result.round}",
        "name": result.name.in_language(language),
        "anonymous": result.is_anonymous,
        "closed": result.is_closed,
        "asked": result.asked,
        "answered": result.answered,
        "shown_from": SHOWN_FROM if result.is_anonymous else 1,
        "questions": [
            {
                "id": one.question.id,
                "text": one.question.text.in_language(language),
                "scale": one.question.scale.value,
                "answered": one.answered,
                "counts": dict(one.counts) if one.is_shown and one.counts else None,
                "mean": round(one.mean, 2) if one.mean is not None else None,
                "texts": list(one.texts) if one.is_shown and one.question.scale is Scale.TEXT else None,
            }
            for one in result.questions
        ],
    }


def _write_csv(result: SurveyResult, language: Language) -> bytes:
    """One line a question and value, or a text; a formula stays a text."""
    lines: list[tuple[str, ...]] = []
    for one in result.questions:
        head = [one.question.id, one.question.text.in_language(language), one.question.scale.value]
        rows = [*((value, str(count)) for value, count in one.counts), *((text, "1") for text in one.texts)]
        lines += [(*head, *row) for row in rows if one.is_shown]
    return write_rows(("question", "text", "scale", "value", "count"), lines)


def _print(args: argparse.Namespace, result: SurveyResult, doomed: int, language: Language) -> None:
    words = _WORDS[language]
    say(args, words.answered.format(name=result.name.in_language(language), answered=result.answered, asked=result.asked))
    if result.answered and not result.is_shown:
        say(args, words.too_few.format(least=SHOWN_FROM))
    if result.is_shown:
        rows = [row for number, one in enumerate(result.questions, 1) for row in _rows(number, one, language)]
        print_table(args, "", rows, columns={"number": "", "question": "question", "value": "answer", "count": "count"})
        if result.is_anonymous and not result.is_closed:
            say(args, words.open)
    if doomed:
        say(args, words.doomed.format(count=doomed))


def _rows(number: int, one: QuestionResult, language: Language) -> Iterator[dict[str, object]]:
    """The question on its first line, one line a value or text."""
    words = _WORDS[language]
    head: dict[str, object] = {"number": number, "question": one.question.text.in_language(language)}
    if not one.is_shown:
        yield {**head, "value": words.hidden.format(least=SHOWN_FROM), "count": ""}
        return
    lines: list[tuple[str, object]] = [(_say(one.question.scale, value, language), count) for value, count in one.counts]
    lines += [(" ".join(text.split()), "") for text in one.texts]
    lines += [(words.mean, f"{one.mean:.1f}".replace(".", "." if language == "en" else ","))] if one.mean is not None else []
    for place, (value, count) in enumerate(lines):
        yield {**(head if not place else {"number": "", "question": ""}), "value": value, "count": count}


def _say(scale: Scale, value: str, language: Language) -> str:
    if scale is Scale.YES_NO:
        return SURVEY_WORDS[language].yes if value == "yes" else SURVEY_WORDS[language].no
    return light_word(TrafficLight(value), language) if scale is Scale.LIGHT else value
