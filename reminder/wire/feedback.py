"""Feedback on accessibility by mail: the link of the statement page that opens it, and how such a mail is told (issue 7).

The law on digital services (306/2019) wants a channel and an answer within 14 days. The link writes to the polled address with a plus
part of its own, where plus addresses are used, and a subject that says what it is; either of the two is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reminder.domain.programme import Language
from reminder.wire.mailto import write_mailto
from reminder.wire.reply_token import plus_address

PART = "saavutettavuus"
"""The plus part of the address. It is shorter than a token, so that the two are never taken for each other."""
SUBJECTS: Mapping[Language, str] = {"fi": "Saavutettavuuspalaute", "sv": "Tillgänglighetsrespons", "en": "Accessibility feedback"}
BODIES: Mapping[Language, str] = {
    "fi": "Sivu: {page}\nMikä ei toimi: \n",
    "sv": "Sida: {page}\nVad fungerar inte: \n",
    "en": "Page: {page}\nWhat does not work: \n",
}
_SAYS: Mapping[Language, re.Pattern[str]] = {
    "fi": re.compile(r"\bsaavutettavuus-?\s?palaut"),
    "sv": re.compile(r"\btillgänglighets-?\s?(?:respons|feedback|återkoppling)|\brespons om tillgänglighet"),
    "en": re.compile(r"\baccessibility[- ]feedback\b|\bfeedback (?:on|about) accessibility\b"),
}
SUBJECT_LENGTH = 300
"""Characters of a subject that are looked at."""


def feedback_address(address: str, *, uses_plus_addresses: bool) -> str:
    """Where feedback goes: the polled address, with the plus part where these are used."""
    return plus_address(address, PART) if uses_plus_addresses else address


def write_feedback_link(address: str, language: Language, *, programme: str, page: str) -> str:
    """The `mailto:` URL of the statement page. `address` is that of `feedback_address`; `page` may be empty."""
    body = BODIES[language].format(page=page)
    return write_mailto(address, subject=f"{SUBJECTS[language]}: {programme}", body=body)


def find_feedback(recipients: Iterable[str], own_addresses: frozenset[str], subject: str) -> Language | None:
    """The language of a mail that is feedback on accessibility by its address or its subject, None for any other.

    One that only its address tells is Finnish, where its subject does not say otherwise. Another service's `+saavutettavuus` is not ours.
    """
    said = " ".join(subject[:SUBJECT_LENGTH].casefold().split())
    spoken: Language | None = next((language for language, pattern in _SAYS.items() if pattern.search(said)), None)
    if spoken is not None:
        return spoken
    ours = {plus_address(address, PART) for address in own_addresses}
    return "fi" if any(address.strip().lower() in ours for address in recipients) else None
