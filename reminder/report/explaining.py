"""A reading as a person looks at it: the mail marked, and per action what was taken, by which rule, from which line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import jinja2

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.markings import Mark, MarkedBody, MarkedLine, Role, Stretch
from reminder.domain.programme import Language
from reminder.domain.readings import Answer, AskBack, AskReason, AttachedDocument, Place, Reading, Verdict
from reminder.report.explain_words import FOLDS, KINDS, LABELS, QUESTIONS, RULES, TRUST, VERDICTS
from reminder.report.words import LIGHT_SHAPES, LIGHT_WORDS, PHASE_WORDS, write_date

FOLD_FROM = 2
"""Lines in a row that are folded into one; a single one, such as a head of the form, stays and tells where one is."""

ATTACHED_LINES = 40
"""Lines that are shown of an attached file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a shown line. `label` stands before a marked one: `12 ●`; empty for all others."""

    text: str
    role: Role
    label: str = ""
    light: TrafficLight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of the mail, or what stands for several that were folded; then `number` is that of the first."""

    number: int
    segments: tuple[Segment, ...] = ()
    quote: str = ""
    """Its quotation marks, as a mail program shows them."""
    fold: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said of one action: a heading such as `[12] ● green, done`, and lines of detail."""

    heading: str
    details: tuple[str, ...] = ()
    light: TrafficLight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that is shown of one mail. Nothing in it is escaped yet."""

    language: Language
    name: str
    subject: str
    summary: str
    sender: str
    because: tuple[str, ...]
    recorded: tuple[Entry, ...]
    asked: tuple[Entry, ...]
    missing: tuple[str, ...]
    attached: tuple[Entry, ...]
    """Files of which nothing was taken, each with the beginning of its text."""
    lines: tuple[ShownLine, ...]
    is_html: bool

    def label(self, name: str) -> str:
        """A word of the frame in the reader's language."""
        return LABELS[self.language][name]


def explain_reading(reading: Reading, body: MarkedBody | None, language: Language, *, name: str, subject: str) -> Explanation:
    """The reading in the reader's language. `name` is how the mail is called, such as its file or number."""
    summary = f"{KINDS[language][reading.kind].capitalize()}. {VERDICTS[language][reading.verdict]}"
    return Explanation(
        language=language,
        name=name,
        subject=subject,
        summary=summary,
        sender=f"{reading.sender.address} ({TRUST[language][reading.sender.trust]})" if reading.sender else "",
        because=tuple(_because(reading, language)),
        recorded=tuple(_recorded(answer, language) for answer in reading.answers),
        asked=tuple(_asked(ask, language) for ask in reading.ask_back),
        missing=tuple(f"[{item.number}] {item.title}".rstrip() for item in reading.missing),
        attached=tuple(_attached(document, language) for document in reading.attachments),
        lines=tuple(fold_lines(body.lines, language)) if body else (),
        is_html=body is not None and body.source == "html",
    )


def _because(reading: Reading, language: Language) -> Iterator[str]:
    """The rules about the mail in plain words; one that has no words is told by the reading's own sentence."""
    rules = [rule.partition(":")[0] for rule in reading.rules]
    known = [RULES[language][rule] for rule in rules if rule in RULES[language]]
    yield from known
    if reading.reason and (language == "en" or not known) and reading.verdict is not Verdict.APPLIED:
        yield reading.reason
    words = LABELS[language]
    if reading.away_until is not None:
        yield f"{words['away']}: {write_date(language, reading.away_until)}"
    for one in reading.substitutes:
        yield f"{words['substitute']}: {', '.join(part for part in (one.name, one.address) if part)}"


def _recorded(answer: Answer, language: Language) -> Entry:
    words = LABELS[language]
    said = [LIGHT_WORDS[language][answer.light]] if answer.light else []
    said += [PHASE_WORDS[language][answer.phase]] if answer.phase else []
    said += [words["provisional"]] if answer.is_provisional else []
    following = [answer.next_step] if answer.next_step else []
    following += [f"{words['by']} {write_date(language, answer.next_on)}"] if answer.next_on else []
    rule = RULES[language].get(answer.rule.rpartition(":")[2], answer.rule)
    step = f"{words['next']}: {', '.join(following)}" if following else ""
    details = (answer.text, step, f"{words['why']}: {_where(answer.places, rule, language)}")
    title = f" {answer.item.title}" if answer.item.title else ""
    return Entry(
        heading=f"[{answer.item.number}]{title}: {_shape(answer.light, answer.phase)} {', '.join(said)}",
        details=tuple(detail for detail in details if detail),
        light=answer.light,
    )


def _asked(ask: AskBack, language: Language) -> Entry:
    title = f" {ask.item.title}" if ask.item and ask.item.title else ""
    head = f"[{ask.number}]{title}" if ask.number else f"[{LABELS[language]['row' if ask.reason is AskReason.UNKNOWN_ROW else 'all']}]"
    return Entry(
        heading=f"{head}: ? {QUESTIONS[language][ask.reason]}",
        details=(_where(ask.places, f"“{ask.quote}”" if ask.quote else "", language),),
    )


def _attached(document: AttachedDocument, language: Language) -> Entry:
    shown = document.text.split("\n") if document.text else [LABELS[language]["unreadable"]]
    return Entry(
        heading=f"{document.name or document.media_type} ({max(1, document.size // 1000)} kB)", details=tuple(shown[:ATTACHED_LINES])
    )


def _where(places: Sequence[Place], what: str, language: Language) -> str:
    rows = list(dict.fromkeys(place.line for place in places if not place.is_in_form))
    where = f"{LABELS[language]['line']} {', '.join(map(str, rows))}" if rows else ""
    of_form = list(dict.fromkeys(place.line for place in places if place.is_in_form))
    within = f"{LABELS[language]['row']} {', '.join(map(str, of_form))}" if of_form else ""
    return ", ".join(part for part in (what, where, within) if part)


def _shape(light: TrafficLight | None, phase: Phase | None) -> str:
    return LIGHT_SHAPES[light] if light else "◆" if phase else ""


def fold_lines(lines: Sequence[MarkedLine], language: Language) -> Iterator[ShownLine]:
    """The lines, with those in a row that we wrote or that were not read folded into one."""
    roles = _roles_of(lines)
    for role, group in groupby(zip(lines, roles, strict=True), key=lambda pair: pair[1]):
        run = [line for line, _ in group]
        filled = sum(bool(line.text.strip()) for line in run)
        if role is None or role.is_read or filled < FOLD_FROM:
            yield from (_shown(line) for line in run)
            continue
        one, many = FOLDS[language][role]
        yield ShownLine(number=run[0].number, fold=f"… {filled} {one if filled == 1 else many} …")


def _roles_of(lines: Sequence[MarkedLine]) -> list[Role | None]:
    """The role of each line as a whole; a blank one has that of the line above, so that it breaks no fold."""
    roles: list[Role | None] = []
    for line in lines:
        said = {stretch.role for stretch in line.stretches if stretch.text.strip()}
        if not said:
            roles.append(roles[-1] if roles else None)
        elif any(role.is_read for role in said):
            roles.append(Role.OWN)
        else:
            roles.append(next(stretch.role for stretch in line.stretches if stretch.text.strip()))
    return roles


def _shown(line: MarkedLine) -> ShownLine:
    return ShownLine(number=line.number, segments=tuple(_segment(one) for one in line.stretches), quote="> " * line.depth)


def _segment(stretch: Stretch) -> Segment:
    if stretch.role not in {Role.TAKEN, Role.ASKED} or not stretch.marks:
        return Segment(text=stretch.text, role=stretch.role)
    lights = {mark.light for mark in stretch.marks}
    return Segment(
        text=stretch.text,
        role=stretch.role,
        label=_label(stretch.role, stretch.marks),
        light=next(iter(lights)) if len(lights) == 1 else None,
    )


def _label(role: Role, marks: Sequence[Mark]) -> str:
    numbers = ", ".join(mark.number for mark in marks if mark.number)
    shape = "?" if role is Role.ASKED else _shape(marks[0].light, marks[0].phase)
    return f"{numbers} {shape}".strip()


def render_explanations(explanations: Sequence[Explanation], loader: jinja2.BaseLoader) -> str:
    """A page that holds all it needs, without script, for those who would rather look than read a terminal."""
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    language = explanations[0].language if explanations else "en"
    return environment.get_template("page/explain.html.j2").render(explanations=explanations, language=language, words=LABELS[language])
