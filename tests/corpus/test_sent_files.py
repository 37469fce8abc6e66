"""`explain --sent` knows our mails by their files alone, and reads every reply as the service does from its database."""

from __future__ import annotations

from functools import lru_cache

import pytest

from reminder.domain.messages import SentMessage, SpanKind
from reminder.flows.understanding import newest_first
from reminder.parse.sent import read_sent
from tests.corpus.cases import list_cases
from tests.corpus.world import EVERYBODY, REMINDER, REQUEST, acknowledgement, all_sent, read
from tests.sandbox.mails import KEYRING, example, write_mail

ROUND = b"X-Reminder-Round: elinvoima/2024\r\n"


@lru_cache(maxsize=1)
def sent_by_files() -> tuple[SentMessage, ...]:
    """The mails of `all_sent`, each read back from the bytes that went out; `announce` names the round in their headers."""
    mails = [write_mail(address, kind) for address in EVERYBODY for kind in (REQUEST, REMINDER)]
    found = [read_sent(ROUND + mail.raw, example(), KEYRING) for mail in (*mails, acknowledgement())]
    return newest_first(message for message in found if message is not None)


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_every_mail_of_the_corpus_is_read_from_files_as_from_the_database(every: int) -> None:
    """The same verdict, answers with their words, questions and missing actions, for each `every`th case against today's templates."""
    differing = {}
    for case in list(list_cases())[::every]:
        by_database = read(case.raw, case.received_at, all_sent(), trusted_authserv=case.trusted_authserv)
        by_files = read(case.raw, case.received_at, sent_by_files(), trusted_authserv=case.trusted_authserv)
        for part in ("kind", "verdict", "answers", "ask_back", "missing"):
            if getattr(by_database, part) != getattr(by_files, part):
                differing[case.name] = (part, getattr(by_database, part), getattr(by_files, part))
    assert differing == {}


def test_what_only_the_page_shows_belongs_to_its_block() -> None:
    """The invitation to tap and each light to tap, by action, as composing records them."""
    recorded = {message.id: message for message in all_sent()}
    for message in sent_by_files():
        wanted, found = (
            {(span.text, span.item) for span in one.spans if span.kind is SpanKind.LINK and span.item is not None}
            for one in (recorded[message.id], message)
        )
        assert found == wanted, message.recipient
