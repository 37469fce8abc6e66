"""The corpus: no light that was not given, none missed, and every other mail told for what it is."""

from __future__ import annotations

from collections import Counter

import pytest

from reminder.parse.message import read_mail
from tests.corpus.cases import list_cases
from tests.corpus.expected import Case, compare
from tests.corpus.make import write_expected
from tests.corpus.stored import load_cases, load_sent
from tests.corpus.world import all_sent, read

TOTALS: Counter[str] = Counter()
"""What the summary of the run shows: see conftest.py."""
LEAST = 430


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: str(case.name))
def test_each_mail_is_read_as_a_careful_person_reads_it(case: Case) -> None:
    """Every stored mail gives exactly the expected answers, questions and verdict."""
    found = compare(case.expected, read(case.raw, case.received_at, load_sent(), trusted_authserv=case.trusted_authserv))
    TOTALS.update({"mails": 1, "right": found.right, "missed": found.missed, "wrong": found.wrong})
    assert not found.faults, "\n".join(found.faults)


def test_the_same_holds_against_todays_templates() -> None:
    """The cases written anew, against the mails as they are composed now, are read alike."""
    sent = all_sent()
    faults = {
        case.name: found.faults
        for case in list_cases()
        if (found := compare(case.expected, read(case.raw, case.received_at, sent, trusted_authserv=case.trusted_authserv))).faults
    }
    assert not faults


def test_the_corpus_does_not_shrink() -> None:
    """A case that is gone was a promise."""
    assert len(load_cases()) >= LEAST


def test_stored_expectations_are_those_of_the_cases() -> None:
    """Nobody mends a red test by editing a generated expectation."""
    stored = {case.name: write_expected(case) for case in load_cases()}
    assert {case.name: write_expected(case) for case in list_cases()}.items() <= stored.items()


def test_no_mail_of_the_corpus_names_a_real_domain() -> None:
    """Personal data and real organisations have no place here."""
    senders = {read_mail(case.raw).sender for case in load_cases()}
    assert {sender for sender in senders if sender and not sender.endswith((".example", ".test"))} == set()
