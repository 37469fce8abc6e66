"""The coordinator's answer to a mail that asks for one word: `hyväksyn`, `ok, skicka`, `älä lähetä`, `stop`.

Forgiving about how it is said, and strict about doubt: an approval lets mails go that nobody can call back, so that a word of
hesitation, a question or a condition makes it unclear, and the coordinator is asked. To reject harms nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reminder.domain.messages import SentMessage
from reminder.domain.readings import Decision
from reminder.parse.context import Context
from reminder.parse.message import Mail
from reminder.parse.own_words import own_words

FIRST_LINES = 4
"""The word stands at the beginning; a greeting may stand above it."""
LONGEST = 600
"""Characters beyond which somebody says more than yes or no."""

_STRONG_TEXT = """
hyväksyn hyväksy hyväksymme hyväksytty hyväksytään hyväksyttäköön vahvistan vahvistettu godkänn godkänner godkänns godkänt
godkända godkänd bekräftar bekräftas approve approved confirm confirmed
"""
_STRONG = frozenset(_STRONG_TEXT.split())
"""Words that approve at the beginning of a line, whatever follows."""
_WEAK_TEXT = """
ok okei okay okej lähetä lähettäkää lähetetään lähettää lähteä lähteköön kunnossa oikein paikkansa täsmää kyllä joo juu jes selvä
skicka skickas stämmer ordning ja japp yes yep go send correct right fine
"""
_WEAK = frozenset(_WEAK_TEXT.split())
"""Words that approve where the line says nothing else."""
_FILLER_TEXT = """
hei hej hi hello moi kiitos kiitoksia tack thanks thank you saa voi voitte vain vaan pois nyt heti kaikki kaikkia ne nämä viestit
viestejä on näyttää hyvältä hyvä pitää tiedot lista det den de dem alla i jag vi ser bra ut iväg nu bara meddelandena listan
uppgifterna kontaktuppgifterna yhteystiedot ovat tietoja nimet osoitteet adresserna är contacts addresses
all of them it they the list mails messages is are looks good great ahead now please we and just minä sen ole hyvä
"""
_FILLER = frozenset(_FILLER_TEXT.split())
_NO = re.compile(
    r"\b(?:älä|älkää|en\s+hyväksy|ei\s+hyväksytä|ei\s+(?:saa\s+)?lähetetä|ei\s+saa\s+lähettää|hylkään|hylkää|hylätään|hylätty|keskeytä|peru"
    r"|peruuta|pysäytä|seis|stop|stopp|stoppa|skicka\s+inte|inte\s+skicka|(?:jag\s+)?godkänner\s+inte|avslå|avslås|avvisa|avbryt"
    r"|reject|rejected|cancel|do\s+not\s+send|don[’']?t\s+send|not\s+approved?|do\s+not\s+approve|don[’']?t\s+approve)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|\b(?:mutta|paitsi|vasta|odota|odottakaa|jos|kun|ei|en|eikä|emme|korjaa|korjattava|korjatkaa|muuta|muuttakaa|väärin|virhe|ehkä"
    r"|huomenna|myöhemmin|ensi|osa|osan|muut|men|utom|vänta|om|när|inte|ej|först|ändra|rätta|fel|kanske|imorgon|senare|nästa|resten"
    r"|but|except|wait|if|when|not|no|unless|until|change|fix|wrong|hold|maybe|perhaps|tomorrow|later|next|rest)\b",
    re.IGNORECASE,
)
_NO_OBJECTION = re.compile(
    r"\b(?:ei\s+(?:mitään\s+)?(?:huomautettavaa|kommentoitavaa|lisättävää)|inget\s+att\s+anmärka|no\s+(?:objections?|comments?|remarks))\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_SIGN_OFF = re.compile(
    r"^\s*(?:--\s*$|__+|terveisin|terv\.?|t\.|t:|yst\.?|ystävällisin|parhain|med\s+vänlig|vänlig(?:a|en)?|hälsningar|mvh|bästa\s+h|best|kind|regards"
    r"|sincerely|sent\s+from|get\s+outlook|lähetetty|skickat\s+från|hanki\s+outlook|hämta\s+outlook)",
    re.IGNORECASE,
)


def read_decision(text: str) -> Decision:
    """What the words say: yes, no, or neither plainly. `text` holds the sender's own words alone."""
    lines = _before_sign_off(text)
    said = _NO_OBJECTION.sub(" ", " ".join(lines))
    if _NO.search(said):
        return Decision.REJECT
    has_yes = any(_says_yes(line) for line in lines[:FIRST_LINES])
    return Decision.APPROVE if has_yes and len(said) <= LONGEST and not _DOUBT.search(said) else Decision.UNCLEAR


def _says_yes(line: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(_NO_OBJECTION.sub(" ", line))]
    if all(word in _STRONG | _WEAK | _FILLER for word in words):
        return any(word in _STRONG | _WEAK for word in words)
    first = next((word for word in words if word not in _FILLER | _WEAK), "")
    return first in _STRONG


def _before_sign_off(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if lines and _SIGN_OFF.match(line):
            break
        if stripped := line.strip(" \t*_\u00a0"):
            lines.append(stripped)
    return lines


def find_asking(context: Context) -> SentMessage | None:
    """The newest mail that asks the coordinator for a decision and that a valid token in this mail names.

    None where a token names a mail that asks a party for answers too: nobody can tell which of the two is answered.
    """
    proven = [message for message in context.sent if message.id in context.proven]
    if any(message.items for message in proven):
        return None
    return next((message for message in proven if message.kind.takes_a_decision or message.kind.takes_orders), None)


def say_decision(mail: Mail, context: Context, is_typed: Callable[[str], bool] = lambda line: False) -> tuple[Decision, str]:
    """The decision with the words that it was read from; `is_typed` as in `own_words`."""
    words = own_words(mail, context, is_typed)
    return read_decision(words), words
