"""What a party asks for in its own words: more time, another recipient, a deputy; or that it has answered by phone already.

Read line by line of the words that stand in no row of the form. A line with a light is an answer and no request, whatever else it says;
no request is ever taken for a light. Total: any text gives requests, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from reminder.domain.party_requests import Asked, PartyRequest
from reminder.domain.workdays import Unit
from reminder.parse import command_words as words
from reminder.parse.addressed import ADDRESS
from reminder.parse.closing import SIGN_OFF, THANKS
from reminder.parse.dates import find_date
from reminder.parse.words import holds_light

MOST_LINES = 60
LONGEST = 500
"""Characters of a line that are looked at."""
KEPT = 300
_PATTERNS = {
    Asked.BY_PHONE: (
        r"(?:vastasi|kerroi|ilmoiti|annoi|anto|vastattu|kerrottu|ilmoitettu|annettu)\w*\b.{0,40}\bpuheli\w+"
        r"|puheli\w+.{0,30}\b(?:vastasi|kerroi|ilmoiti|annoi)\w*|soit(?:in|imme) teille"
        r"|(?:svara|meddela|berätta|lämna|gav)\w*\b.{0,40}\b(?:per|på|i|via) telefon\w*|ringde (?:er|till er)|har ringt er"
        r"|(?:answered|reported|told you|gave|given)\b.{0,40}\b(?:by|on|over) (?:the )?(?:tele)?phone|(?:called|phoned|rang) you"
    ),
    Asked.NOT_OURS: (
        r"ei(?:vät)? (?:enää )?kuulu (?:minulle|meille|meidän|minun|tehtäviini|tehtäviimme|vastuulleni|vastuullemme)"
        r"|ei(?:vät)? ole (?:enää )?(?:meidän|minun) (?:vastuulla|tehtävä|asia|heiniä)\w*"
        r"|väärä(?:lle|än|ssä)? (?:vastaanottaja|henkilö|osoite)\w*"
        r"|en (?:enää )?vastaa tästä|emme (?:enää )?vastaa tästä|oikea vastaanottaja"
        r"|hör (?:inte|ej) (?:längre )?till (?:oss|mig|vårt|mitt)"
        r"|(?:är|är det) inte (?:vår|vårt|mitt|min|våra|mina) (?:ansvar|sak|uppgift|åtgärd)\w*"
        r"|inte (?:vårt|mitt) ansvar|fel (?:mottagare|person|adress)|ansvarar inte för (?:det|den)|rätt mottagare"
        r"|(?:is|are) not (?:ours|mine|our|my)\b|isn['’]?t (?:ours|mine)|does(?: not|n['’]?t) belong to (?:us|me)"
        r"|wrong (?:recipient|person|address)|not responsible for this|the right recipient|right recipient"
    ),
    Asked.DEPUTY: (
        r"sijaise(?:ni|mme|nani|namme)\b|sijaisen nimi ja sähköpostiosoite|puolesta(?:ni|mme) vastaa|minua sijaistaa|meitä sijaistaa"
        r"|(?:min|vår) (?:ersättare|ställföreträdare|vikarie)|ersättarens namn och e-postadress|svarar i (?:mitt|vårt) ställe"
        r"|(?:my|our) (?:deputy|stand-in|substitute)|name and address of the deputy|answers? (?:for me|for us|in my place|in our place)"
    ),
    Asked.MORE_TIME: (
        r"lisäaika\w*|lisää aikaa|enemmän aikaa|pidennyst\w*|(?:siirtää|pidentää|siirtäisittekö|pidentäisittekö) määräaikaa"
        r"|määräajan (?:pidennystä|siirtoa)|uusi päivä(?= tai| ja)"
        r"|(?:mera|mer|längre|extra) tid|anstånd\w*|(?:förlängning|uppskov)\w*|förlänga (?:tiden|tidsfristen)|ny dag(?= eller| och)"
        r"|(?:more|extra|additional) time|(?:an|the) extension|a later (?:date|deadline)|(?:extend|postpone|move) (?:the|our) deadline"
        r"|new date(?= or| and)"
    ),
}
_NEEDS_DAY = re.compile(
    r"\b(?:en|emme) (?:ehdi|pysty|voi)\b|\bhinner (?:inte|ej)\b"
    r"|\b(?:cannot|can['’]t|won['’]t|will not|are not able to) (?:make|answer|report|reply)\b"
)
_COMPILED = {what: re.compile(rf"(?<!\w)(?:{pattern})") for what, pattern in _PATTERNS.items()}
_CLAUSE = re.compile(r"[,;.!]\s+|\s[–—-]\s|\b(?:mutta|joten|men|så|but|so)\b")
_NOT = re.compile(r"\b(?:ei|en|emme|eivät|inte|ej|ingen|not|no|don['’]?t|kiitos|kiitoksia|tack|thanks|thank)\b")


def find_requests(lines: Sequence[str], today: date) -> tuple[PartyRequest, ...]:
    """The requests of these lines, each kind once: of several of a kind the first one with a day or an address counts, else the first."""
    found: dict[Asked, PartyRequest] = {}
    for written in lines[:MOST_LINES]:
        line = " ".join(written.split())[:LONGEST]
        if found and SIGN_OFF.match(line) and not THANKS.match(line):
            break
        if not line or holds_light(line.casefold()):
            continue
        for request in _read_line(line, today):
            known = found.get(request.what)
            if known is None or not (known.until or known.count or known.address):
                found[request.what] = request
    return tuple(found.values())


def _read_line(line: str, today: date) -> list[PartyRequest]:
    said = line.casefold()
    if re.match(r"(?:uusi päivä tai oikea vastaanottaja|ny dag eller rätt mottagare|new date or right recipient)\b", said):
        kinds = [Asked.MORE_TIME if _find_time(said, today)[0] or _find_time(said, today)[1] else Asked.NOT_OURS]
    else:
        kinds = [what for what, pattern in _COMPILED.items() if _says(said, pattern, what)]
    if not kinds and _NEEDS_DAY.search(said) and _find_time(said, today)[0]:
        kinds = [Asked.MORE_TIME]
    return [request for what in kinds if (request := _write(what, line, today)) is not None]


def _says(said: str, pattern: re.Pattern[str], what: Asked) -> bool:
    """Whether the line asks for it. `emme tarvitse lisäaikaa` and `kiitos lisäajasta` do not; `ei kuulu meille` holds its own negation."""
    match = pattern.search(said)
    if match is None:
        return False
    if what is Asked.NOT_OURS:
        return True
    clause = _CLAUSE.split(said[: match.start()])[-1]
    return _NOT.search(clause) is None


def _write(what: Asked, line: str, today: date) -> PartyRequest | None:
    address = ADDRESS.search(line)
    named = address[0].lower() if address is not None else ""
    until, count, unit = _find_time(line.casefold(), today) if what is Asked.MORE_TIME else (None, 0, None)
    if what is Asked.DEPUTY and not named and not re.search(r"(?::|\b(?:on|är|is)\b)\s*\w{2,}", line.casefold()):
        return None  # the line of the link as it was opened
    return PartyRequest(what=what, words=line[:KEPT], until=until, count=count, unit=unit, address=named)


def _find_time(said: str, today: date) -> tuple[date | None, int, Unit | None]:
    if (found := find_date(re.sub(r"(\d\.\d{1,2})(?=[:\s]|$)", r"\1.", said), today)) is not None:
        return found[0], 0, None
    counted = "|".join(words.COUNTS)
    for unit, names in words.UNITS:
        match = re.search(rf"\b(?P<count>\d{{1,3}}|{counted})\s+(?:{names.pattern})(?!\w)", said)
        if match is not None:
            return None, words.COUNTS.get(match["count"]) or int(match["count"]), unit
    return None, 0, None
