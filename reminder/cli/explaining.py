"""A reading on the terminal: marked with colour, and with signs where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import FileSystemLoader
from rich.text import Text

from reminder.cli.output import console
from reminder.domain.assessments import TrafficLight
from reminder.domain.markings import MarkedBody, Role
from reminder.domain.programme import Language
from reminder.flows.understanding import Understood
from reminder.parse.marking import pick_body
from reminder.report.explaining import Entry, Explanation, Segment, ShownLine, explain_reading, render_explanations
from reminder.resources import find_templates

_LIGHTS = {TrafficLight.GREEN: "bold green", TrafficLight.YELLOW: "bold yellow", TrafficLight.RED: "bold red"}


def explain_understood(understood: Understood, bodies: Sequence[MarkedBody], language: Language, name: str) -> Explanation:
    """The view of a mail that was just read."""
    return explain_reading(understood.reading, pick_body(bodies), language, name=name, subject=understood.mail.subject)


def print_explanation(explanation: Explanation) -> None:
    """What was taken, asked and missing, then the mail with it marked. Control characters of a mail do not reach the terminal."""
    console.print(_text(explanation.name, style="bold"))
    console.print(_text(explanation.summary))
    for name, value in (("subject", explanation.subject), ("from", explanation.sender), ("because", "; ".join(explanation.because))):
        if value:
            console.print(_text(f"{explanation.label(name)}: {value}", style="dim"))
    _print_entries(explanation.label("recorded"), explanation.recorded)
    _print_entries(explanation.label("asked"), explanation.asked, style="bold magenta")
    _print_entries(explanation.label("missing"), [Entry(heading=one) for one in explanation.missing])
    _print_entries(explanation.label("attached"), explanation.attached)
    title = explanation.label("mail") + (f" ({explanation.label('html')})" if explanation.is_html else "")
    console.print(_text(f"\n{title}" if explanation.lines else f"\n{explanation.label('no_text')}", style="bold"))
    for line in explanation.lines:
        console.print(_line(line))
    console.print(_text(""))


def _print_entries(title: str, entries: Sequence[Entry], *, style: str = "bold") -> None:
    if entries:
        console.print(_text(f"\n{title}", style="bold"))
    for entry in entries:
        console.print(_text(f"  {entry.heading}", style=_LIGHTS[entry.light] if entry.light else style))
        for detail in entry.details:
            console.print(_text(f"      {detail}"))


def _line(line: ShownLine) -> Text:
    text = _text(f"{line.number:>4}  ", style="dim")
    if line.fold:
        return text.append(line.fold, style="dim italic")
    text.append(line.quote, style="dim")
    for segment in line.segments:
        text.append_text(_segment(segment))
    return text


def _segment(segment: Segment) -> Text:
    if not segment.label:
        return _text(segment.text, style="" if segment.role.is_read else "dim")
    style = "bold magenta" if segment.role is Role.ASKED else _LIGHTS[segment.light] if segment.light else "bold"
    return _text(f"[{segment.label} {segment.text}]", style=style)


def _text(value: str, style: str = "") -> Text:
    """A mail is hostile text: what would move the cursor or colour the terminal is shown as a sign, not done."""
    return Text("".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in value), style=style)


def page_of(explanations: Sequence[Explanation]) -> str:
    """The same as a page."""
    return render_explanations(explanations, FileSystemLoader(find_templates()))
