"""What an out-of-office note says: the last day on which its writer is away, and who stands in for them.

People name the day of return ("palaan 3.3.", "tillbaka den 3 mars", "back on Monday") or the last day away ("2.3. saakka",
"24.2.–2.3.", "until 2 March"); both become the last day away. A day that is neither, such as that of an appointment, says
nothing. Where a note names several returns the earliest that is still to come counts, so that a doubt sends a mail too early
and not too late.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reminder.domain.absences import Substitute
from reminder.parse.words import month_of

AWAY_AT_MOST = timedelta(days=366)
NOTE_CHARS = 3000
ONE_DAY = timedelta(days=1)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAYS = (
    ("maanantai", "måndag", "monday"),
    ("tiistai", "tisdag", "tuesday"),
    ("keskiviik", "onsdag", "wednesday"),
    ("torstai", "torsdag", "thursday"),
    ("perjantai", "fredag", "friday"),
    ("lauantai", "lördag", "saturday"),
    ("sunnuntai", "söndag", "sunday"),
)
_DAY_NAMES = "|".join(name for names in _WEEKDAYS for name in names)
_WEEKDAY = rf"(?:(?:{_DAY_NAMES})\w*|ma|ti|ke|to|pe|la|su|mån|tis|ons|tors|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun)\.?,?"
_MONTH = r"[^\W\d_]{3,12}\.?"
_YEAR = r"(?:,?\s?(?P<year>20\d\d))?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?<![\d.,:/])(?P<day>\d{1,2})[./]\s?(?P<month>\d{1,2})(?:[./]\s?(?P<year>20\d\d|\d\d(?![\d:.])))?(?![\d:])\.?"),
    re.compile(rf"(?<![\d.,:])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th|:e)?\s+(?:of\s+)?(?P<name>{_MONTH}){_YEAR}", re.IGNORECASE),
    re.compile(rf"\b(?P<name>{_MONTH})\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?(?!\d|:|\.\d){_YEAR}", re.IGNORECASE),
    re.compile(
        r"\b(?:viik(?:olla|koon|ko|olle|ot)|vko|vk|vecka|v\.|week)\s?(?:\d{1,2}\s?[–-]\s?)?(?P<week>\d{1,2})(?!\d|\.\d)", re.IGNORECASE
    ),
    re.compile(rf"\b(?P<weekday>{_DAY_NAMES})\w*\b(?!\s*,?\s*(?:the\s+|den\s+)?\d)", re.IGNORECASE),
    re.compile(r"\b(?P<tomorrow>huomenna|huomiseen|imorgon|i morgon|tomorrow)\b", re.IGNORECASE),
)
_LEAD = rf"(?:\s|,|\b(?:and including|klo|kl\.?|on|den|the|dag|{_WEEKDAY})(?=\s))*$"
_UNTIL_BEFORE = re.compile(
    r"(?:\b(?:till och med|t\.?\s?o\.?\s?m\.?|fram till|till|until|til|through|thru|up to|efter|after)"
    rf"|\d\.?\s?[–—-]|\b{_MONTH}\s?[–—-]|[\d.]\s+to|\b{_MONTH}\s+to){_LEAD}",
    re.IGNORECASE,
)
_UNTIL_AFTER = re.compile(r"\s*(?:klo\s?[\d.:]+\s*)?(?:asti|saakka|loppuun|jälkeen|mukaan lukien)\b", re.IGNORECASE)
_RETURNS = (
    r"palaan|palaa|palaamme|palannut|takaisin|jälleen|taas|tavoitettavissa|tavoittaa|töissä|paikalla|tillbaka|åter|återkommer|nås|anträffbar"
    r"|i tjänst|back|return(?:s|ing)?|resume|reachable|available|in the office"
)
_RETURN = re.compile(rf"\b(?:{_RETURNS})\b", re.IGNORECASE)
_GAP = re.compile(r"(?:(?![^\W\d_]\.\s)[^!?\n\d]){0,40}")
"""What may stand between the word for the return and the day: no other number, no end of a sentence."""
_RETURN_AFTER = re.compile(rf" (?:(?!(?:ja|och|and|mutta|men|but) )(?:[a-zåäö]+|I) ){{0,4}}(?:{_RETURNS})\b")
_NOT = re.compile(
    r"\b(?:en|ei|emme|eikä|enkä|inte|ej|icke|not|no longer)\b"
    r"(?:(?!\b(?:ja|och|and|mutta|men|but|vaan|utan)\b)[^.,;!?\n]){0,30}$",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\b(?:\w{0,20}loma|vapaa|poissa|matkoilla|semester|ledig|borta|frånvar|tjänstledig"
    r"|away|leave\b|out of (?:the )?office|vacation|holiday|absent)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that the text names, and where. Of a week the first and the last: away until its end, back at its beginning."""

    first: date
    last: date
    start: int
    end: int


_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?](?=\s|$)|(?<=\d)[.!?](?=\s+[A-ZÅÄÖ])|\n\s*\n")
_STANDS_IN = re.compile(
    r"\b(?:sijai[ns]\w*|sijaist\w+|varahenkilö\w*|varalla\b|tilallani|puolestani|tuura\w+|kiireelli\w+|kiireis\w+|poissa ?ollessani"
    r"|vikarie\w*|ersätt\w+|ställföreträd\w+|brådskande|akuta?\b|i mitt ställe|under min frånvaro"
    r"|substitute\w*|deput\w+|stand(?:s|ing)?[- ]in|cover(?:s|ed|ing)?\b|in my (?:absence|place)|on my behalf|urgent\w*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAME = re.compile(
    r"(?<![\w@.-])[A-ZÅÄÖÉÜ][a-zåäöéü]{1,20}(?:-[A-ZÅÄÖ][a-zåäö]{1,20})?(?: (?:(?:af|av|de|van|von) )?[A-ZÅÄÖÉÜ][\w-]{1,25}){1,2}(?![\w@])"
)
SUBSTITUTES = 3
QUOTE_CHARS = 160


def find_substitutes(text: str, *, not_these: Collection[str] = ()) -> tuple[Substitute, ...]:
    """Who is named as standing in, at most three: each address near such words, else the name in such a sentence.

    `not_these` are addresses that are nobody's substitute: the writer's own and ours, in lower case.
    """
    found: dict[str, Substitute] = {}
    sentences = [sentence for sentence in _SENTENCE_END.split(text[:NOTE_CHARS]) if sentence.strip()]
    for number, sentence in enumerate(sentences):
        cue = _STANDS_IN.search(sentence)
        if cue is None:
            continue
        # The address often stands on a line or in a sentence of its own: "Sijaiseni on Meri Malli. meri.malli@…".
        near = " ".join((sentence, *sentences[number + 1 : number + 2]))
        quote = " ".join(sentence.split())[:QUOTE_CHARS]
        named = _NAME.search(sentence, cue.end())
        name = named.group() if named else ""
        addresses = [one.strip(".").lower() for one in _ADDRESS.findall(near)]
        for address in addresses or ([""] if name else []):
            if address not in not_these and len(found) < SUBSTITUTES:
                found.setdefault(address or name, Substitute(address=address, name=name, quote=quote))
    return tuple(found.values())


def find_last_day_away(text: str, today: date) -> date | None:
    """The last day on which the writer is away, from the day before `today` on and within a year; None where none is named."""
    text = text[:NOTE_CHARS]
    back: list[date] = []
    until: list[date] = []
    other: list[date] = []
    for day in _find_days(text, today):
        kind, named = _judge(text, day)
        {"back": back, "until": until, "other": other}[kind].append(named)
    for found in (back, until, [max(other)] if other and _AWAY.search(text) else []):
        coming = [day for day in found if today - ONE_DAY <= day <= today + AWAY_AT_MOST]
        if coming:
            return min((day for day in coming if day >= today), default=max(coming))
    return None


def _judge(text: str, day: _Day) -> tuple[str, date]:
    """What the words around a day make of it, and the last day away that follows."""
    before, after = text[max(0, day.start - 80) : day.start], text[day.end : day.end + 80]
    said = list(_RETURN.finditer(before))
    is_back = bool(said) and _GAP.fullmatch(before[said[-1].end() :]) is not None and _NOT.search(before[: said[-1].start()]) is None
    if _UNTIL_AFTER.match(after) or _UNTIL_BEFORE.search(before):
        return "until", day.last
    if is_back or (_RETURN_AFTER.match(after) and _NOT.search(after[:40]) is None):
        return "back", day.first - ONE_DAY
    return "other", day.last


def _find_days(text: str, today: date) -> Iterator[_Day]:
    """Every day that the text names, in its order; a stretch of text is read once."""
    taken: list[tuple[int, int]] = []
    found: list[_Day] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            days = _read_day({name: value for name, value in match.groupdict().items() if value}, today)
            if days is None or any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            found.append(_Day(*days, match.start(), match.end()))
    yield from sorted(found, key=lambda day: day.start)


def _read_day(parts: dict[str, str], today: date) -> tuple[date, date] | None:
    """The first and last day of what was named: one day, or a week from Monday to Sunday (ISO 8601)."""
    try:
        if "tomorrow" in parts:
            return today + ONE_DAY, today + ONE_DAY
        if "weekday" in parts:
            number = next(number for number, names in enumerate(_WEEKDAYS) if parts["weekday"].lower() in names)
            day = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
            return day, day
        if "week" in parts:
            return _week(int(parts["week"]), today)
        month = int(parts["month"]) if "month" in parts else _month(parts["name"])
        if month is None:
            return None
        day = _dated(parts.get("year", ""), month, int(parts["day"]), today)
        return day, day
    except ValueError:
        return None


def _week(number: int, today: date) -> tuple[date, date]:
    monday = date.fromisocalendar(today.isocalendar().year, number, 1)
    if monday + timedelta(days=6) < today:
        monday = date.fromisocalendar(today.isocalendar().year + 1, number, 1)
    return monday, monday + timedelta(days=6)


def _dated(year: str, month: int, day: int, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    # A note that is sent in January may still name the December in which it was written.
    return this if this >= today - timedelta(days=90) else date(today.year + 1, month, day)


def _month(word: str) -> int | None:
    bare = word.lower().rstrip(".")
    return _SHORT_MONTHS.get(bare) or month_of(bare)
