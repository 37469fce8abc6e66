"""A party asks how things stand: `tilanne?`, `läget?`, `what's the status?`, and nothing else.

A mail asks where the sender's own words are one such question, with or without greeting, thanks and signature; or where
there are no words at all and the subject asks. A light, a number or any other sentence beside it makes it an ordinary reply:
what somebody says must not be lost behind what they ask.
"""

from __future__ import annotations

import re

from reminder.parse.closing import PHONE_LINE, SIGN_OFF
from reminder.parse.words import holds_light

_PREFIXES = re.compile(r"^(?:(?:re|vs|sv|vl|vb|fw|fwd|aw|ang)\s?:\s*)+", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:hei(?:ppa)?|moi(?:kka)?|terve(?:hdys)?|(?:hyvää )?huomenta|(?:hyvää )?päivää|hyvä|hej(?:san)?|god ?dag|god morgon|bästa"
    r"|hello|hi|dear|good (?:morning|day|afternoon))\b",
    re.IGNORECASE,
)
_NAMES = 3
"""Words behind a greeting that may be whom it greets."""
_NEAR = r"(?:nyt|tällä hetkellä|juuri nyt|nu|just nu|för tillfället|now|right now|at the moment|currently|kiitos|tack|please|thanks)"
_WHOSE = r"(?:meidän|minun|oma|omien|meille|vår|våra|min|mina|vårt|our|my)"
_ASKED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_WHOSE} )?(?:tilanne(?:mme|ni)?|tilannekysely|tilannekysymys|tilannetieto|tilannekatsaus)(?: {_NEAR})*",
        r"(?:mikä|mika|millainen|miten) (?:on |olisi |se )?(?:[^\W\d]+ ){0,3}tilanne(?:mme|ni|emme)?(?: (?!jos)[^\W\d]+){0,3}",
        r"(?:missä|mitä) (?:nyt )?(?:mennään|ollaan menossa)",
        r"mitä (?:meiltä |minulta |vielä |on |nyt )*(?:puuttuu|puuttuvat|kirjattu|kirjattuna)(?: vielä| meiltä| minulta)*",
        r"(?:mitä )?(?:olenko|olemmeko|olemme|olen)(?: jo)?(?: kaikkeen| kaikista)? vastannut(?: kaikkeen| jo)*",
        r"(?:voisitko|voitko|voisitteko|voitteko|saisinko|saisimmeko|pyydän|pyytäisin|haluaisin) (?:[^\W\d]+ ){0,3}tilanteen?(?:tiedon)?",
        rf"(?:{_WHOSE} )?(?:läge(?:t|sfråga|sbesked|srapport)?|lage(?:t)?|statusfråga|statusfraga|lägesöversikt)(?: {_NEAR})*",
        r"(?:vad|vilket|hur) (?:är |ser )?(?:det )?(?:[^\W\d]+ ){0,2}(?:läget|laget|status|statusen|lägesbilden)"
        r"(?: ut)?(?: (?!om)[^\W\d]+){0,3}",
        r"hur ligger vi till(?: nu)?",
        r"vad (?:saknas|fattas)(?: ännu| av oss| av mig| från oss)*",
        r"(?:vad )?har vi svarat på(?: allt)?",
        rf"(?:{_WHOSE} |current )?status(?: update| query| question| check| report| request)?(?: {_NEAR})*",
        r"(?:what(?:'s| is|s)|how(?:'s| is|s)) (?:the |our |my )?(?:[a-z]+ ){0,2}(?:status|situation|standing)(?: (?!if)[a-z]+){0,3}",
        r"where (?:do we|are we|do i|am i) (?:stand|now|standing)(?: now)?",
        r"what (?:is|do we|do i|have we|have i)(?: still)?(?: missing| owe| left| outstanding| answered| to do| recorded)+",
        r"(?:could|can|may|please) (?:[a-z]+ ){1,4}(?:status|standing|situation)(?: please)?",
    )
)
_WRAPPED = 3
"""Lines over which a client may have wrapped one question."""
_SIGNATURE_LINES = 6
_NUMBERED = re.compile(r"\W{0,2}\d{1,3}(?:\.\d{1,3})*\W{0,2}(?:\s|$)")
_SMALL_WORDS = frozenset(["ja", "och", "and", "of", "&", "för", "av", "i"])


def is_question(text: str) -> bool:
    """Whether a line or a subject asks how things stand, and says nothing else. A light or a number in it makes it none."""
    bare = re.sub(r"[\"'“”‘’*_<>()]", lambda sign: "'" if sign.group() in "'’" else " ", _PREFIXES.sub("", text.strip()).lower())
    bare = " ".join(re.sub(r"[?!.,:;…]+", " ", bare).split())
    if not bare or len(bare) > 100 or holds_light(bare):
        return False
    return any(asked.fullmatch(bare) for asked in _ASKED)


def asks_only(words: str, subject: str) -> bool:
    """Whether the mail asks how things stand and does nothing else. `subject` is the sender's own, without ours."""
    lines = _without_close(words)
    if lines and (opened := _without_greeting(lines[0])) != lines[0]:
        lines = [opened, *lines[1:]] if opened else lines[1:]
    if not lines:
        return is_question(subject)
    wraps = range(1, min(_WRAPPED, len(lines)) + 1)
    return any(is_question(" ".join(lines[:count])) and _is_signature(lines[count:]) for count in wraps)


def without_questions(note: str) -> tuple[str, bool]:
    """A note without its lines that ask how things stand, and whether there were any."""
    lines = note.split("\n")
    kept = [line for line in lines if not is_question(_without_greeting(line.strip()))]
    return "\n".join(kept).strip(), len(kept) < len(lines)


def _without_close(words: str) -> list[str]:
    """The lines that say something, up to the closing formula."""
    lines: list[str] = []
    for line in (line.strip() for line in words.split("\n")):
        if line.startswith("--") or SIGN_OFF.match(line) or PHONE_LINE.match(line):
            break
        if re.search(r"\w", line):
            lines.append(line)
    return lines


def _without_greeting(line: str) -> str:
    """The line without `Hei`, `Hej Maja!` or `Dear colleagues,`; what follows may be the question itself."""
    match = _GREETING.match(line)
    if match is None:
        return line
    rest = line[match.end() :].lstrip(" ,!.:)")
    words = rest.split()
    for names in range(min(_NAMES, len(words)) + 1):
        if is_question(" ".join(words[names:])):
            return " ".join(words[names:])
    return "" if len(words) <= _NAMES else rest


def _is_signature(lines: list[str]) -> bool:
    """Whether the lines below a question are a name, titles, an organisation: few, short, and mostly of capital letters."""
    return len(lines) <= _SIGNATURE_LINES and all(_is_of_signature(line) for line in lines)


def _is_of_signature(line: str) -> bool:
    if len(line) > 70 or line[-1] in "?!" or _NUMBERED.match(line) or holds_light(line):
        return False
    words = [word for word in line.split() if word not in _SMALL_WORDS]
    capital = sum(word[0].isupper() or word[0].isdigit() or word[0] in "+(" or "@" in word for word in words)
    return len(words) <= 1 or 2 * capital >= len(words)
