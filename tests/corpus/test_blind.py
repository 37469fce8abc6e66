"""Mails written without a look at this program, from the mission and the mails that were sent alone.

Their writers set down what a careful person would record. Where two careful people might disagree, the mail is marked
`"certain": false`, and counts only against lights that nobody gave. No expectation is changed to please the parser.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest

from reminder.domain.readings import Reading
from tests.corpus.stored import load_sent
from tests.corpus.world import read

BLIND = Path(__file__).resolve().parent / "blind"
LEAST = {"first": (200, 0.965), "second": (160, 0.96)}
"""By corpus: how many mails it has at least, and which share of the answers is read at least."""

DISPUTED = {("form-071-wrong-action-block", "1.5")}
"""A form whose cover note says that the words in one block are about the other action; its writer was not certain either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindMail:
    """One mail with its reading and what its writer expects."""

    name: str
    expected: dict[str, dict[str, str | None]]
    asks: frozenset[str]
    is_certain: bool
    reading: Reading


@lru_cache(maxsize=4)
def read_corpus(name: str) -> tuple[BlindMail, ...]:
    """Every mail of one blind corpus, read."""
    return tuple(_read(path) for path in sorted((BLIND / name).glob("*.expected.json")))


def _read(path: Path) -> BlindMail:
    document = json.loads(path.read_text("utf-8"))
    name = path.name.removesuffix(".expected.json")
    raw = path.with_name(f"{name}.eml").read_bytes()
    reading = read(raw, datetime.fromisoformat(document["received_at"]), load_sent(), trusted_authserv=document.get("trusted_authserv", ""))
    asks = frozenset(document.get("asks", {}))
    return BlindMail(name=name, expected=document.get("answers", {}), asks=asks, is_certain=document.get("certain", True), reading=reading)


def lights_of(mail: BlindMail) -> dict[str, str]:
    """The lights that were read, by number."""
    return {answer.item.number: answer.light.value for answer in mail.reading.answers if answer.light is not None}


@pytest.mark.parametrize("corpus", sorted(LEAST))
def test_no_light_is_read_that_the_writer_did_not_give(corpus: str) -> None:
    """Not one in the whole corpus, the mails of which their writer was not certain included, one excepted."""
    wrong = {
        (mail.name, number): light
        for mail in read_corpus(corpus)
        for number, light in lights_of(mail).items()
        if (mail.expected.get(number) or {}).get("light") != light and (mail.name, number) not in DISPUTED
    }
    assert wrong == {}


@pytest.mark.parametrize("corpus", sorted(LEAST))
def test_nearly_every_answer_is_read(corpus: str) -> None:
    """The share of answers read does not fall below what was once reached; those that are missed are named."""
    mails, share = LEAST[corpus]
    found = read_corpus(corpus)
    counts: Counter[bool] = Counter()
    missed: list[tuple[str, str]] = []
    for mail in found:
        given = {answer.item.number: (answer.light.value if answer.light else None, answer.phase) for answer in mail.reading.answers}
        for number, said in mail.expected.items() if mail.is_certain else ():
            light, phase = given.get(number, (None, None))
            is_read = number in given and light == said.get("light") and (light is not None or phase == said.get("phase"))
            counts[is_read] += 1
            missed += [] if is_read else [(mail.name, number)]
    assert len(found) >= mails
    assert counts[True] / counts.total() >= share, missed


@pytest.mark.parametrize("corpus", sorted(LEAST))
def test_an_action_that_was_doubtful_is_asked_about(corpus: str) -> None:
    """Whatever the writer expects to be asked back is asked, or told to be missing: nothing that is owed is passed over in silence."""
    silent = set()
    for mail in read_corpus(corpus):
        told = {ask.number for ask in mail.reading.ask_back} | {item.number for item in mail.reading.missing}
        if mail.is_certain and mail.reading.verdict in {"applied", "asked_back"}:
            silent |= {(mail.name, number) for number in mail.asks - told}
    assert silent == set()
