"""A reading as a person looks at it: words for everything that it can say, and nothing of the mail lost or believed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from reminder.domain.markings import MarkedBody, Role
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.readings import AskReason, Reading, ReadingKind, Trust, Verdict
from reminder.parse.marking import mark_mail, pick_body
from reminder.parse.message import read_mail
from reminder.report.explain_words import FOLDS, KINDS, LABELS, QUESTIONS, RULES, TRUST, VERDICTS
from reminder.report.explaining import Explanation, explain_reading, render_explanations
from tests.corpus.stored import load_cases, load_sent
from tests.corpus.world import understand_case
from tests.report.cast import TEMPLATES

UNSPOKEN = frozenset({"person", "listed", "deputy", "domain", "stranger"}) | {
    *("own", "bounce", "read_receipt", "complaint", "calendar", "encrypted"),
}
"""What the kind, the trust or the reading's own sentence says already."""


@lru_cache(maxsize=1)
def read_corpus() -> list[tuple[str, Reading, MarkedBody | None]]:
    """Every mail of the corpus with its reading and the body that is shown."""
    found = []
    for case in load_cases():
        understood = understand_case(case.raw, case.received_at, load_sent(), trusted_authserv=case.trusted_authserv)
        bodies = mark_mail(read_mail(case.raw), understood.context, understood.reading)
        found.append((str(case.name), understood.reading, pick_body(bodies)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_word_for_everything_that_a_reading_can_say(language: Language) -> None:
    """Kinds, verdicts, trust, questions, folds: each in each language, and the same labels and rules in all of them."""
    assert KINDS[language].keys() == set(ReadingKind)
    assert VERDICTS[language].keys() == set(Verdict)
    assert TRUST[language].keys() == set(Trust)
    assert QUESTIONS[language].keys() == set(AskReason)
    assert FOLDS[language].keys() == {role for role in Role if not role.is_read}
    assert LABELS[language].keys() == LABELS["en"].keys()
    assert RULES[language].keys() == RULES["en"].keys()


@pytest.mark.slow
def test_every_rule_that_the_corpus_meets_is_told_in_words() -> None:
    """No internal name is shown for an answer, and none for a mail but those that its kind or trust tells."""
    for_answers = {answer.rule.rpartition(":")[2] for _, reading, _ in read_corpus() for answer in reading.answers}
    for_mails = {rule.partition(":")[0] for _, reading, _ in read_corpus() for rule in reading.rules}

    assert for_answers - RULES["en"].keys() == set()
    assert for_mails - RULES["en"].keys() - UNSPOKEN == set()


@pytest.mark.slow
def test_every_line_of_the_sender_is_shown_and_runs_of_ours_are_one_line() -> None:
    """Nothing that was read is folded away; two lines in a row that we wrote never stand in full."""
    for name, reading, body in read_corpus():
        if body is None:
            continue
        shown = explain_reading(reading, body, "fi", name=name, subject="").lines
        texts = {"".join(segment.text for segment in line.segments) for line in shown}
        for line in body.lines:
            if any(stretch.role.is_read and stretch.text.strip() for stretch in line.stretches):
                assert line.text in texts, name
        whole = [all(one.role is Role.OURS for one in line.segments if one.text.strip()) and bool(line.segments) for line in shown]
        assert not any(one and other for one, other in pairwise(whole)), name


TAGS = frozenset({"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "article", "p", "strong", "ul", "li", "span"}) | {
    *("br", "div", "mark", "b"),
}


class _Collector(HTMLParser):
    """The text of a page, its tags, and its attributes that could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Notes text."""
        self.text.append(data)


def test_a_mail_can_say_what_it_likes_on_the_page() -> None:
    """Markup in the subject, in the address, in an answer and in the text is text; nothing is loaded and nothing runs."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}'
    name, reading, body = next(one for one in read_corpus() if one[1].answers and one[2] is not None)
    assert reading.sender is not None
    reading = replace(
        reading,
        sender=replace(reading.sender, address=evil),
        answers=(replace(reading.answers[0], text=evil, next_step=evil, rule=evil), *reading.answers[1:]),
    )
    page = _Collector()
    page.feed(render_explanations([_explain(name, reading, body, evil)], TEMPLATES))

    assert page.tags <= TAGS
    assert page.attributes <= {"lang", "charset", "name", "content", "http-equiv", "class"}
    assert "".join(page.text).count(evil) >= 4


def _explain(name: str, reading: Reading, body: MarkedBody | None, subject: str) -> Explanation:
    return explain_reading(reading, body, "sv", name=name, subject=subject)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", ("viimeinen poissaolopäivä: 2.3.2025", "sijaiseksi mainitaan: palvelusihteeri@suvikoski.example")),
        ("sv", ("borta till och med: 2.3.2025", "nämnd som ersättare: palvelusihteeri@suvikoski.example")),
        ("en", ("away until: 2 March 2025", "named as substitute: palvelusihteeri@suvikoski.example")),
    ],
)
def test_an_absence_is_told_with_its_last_day_and_who_stands_in(language: Language, says: tuple[str, ...]) -> None:
    """Nothing is recorded of such a note, but a reminder waits for it, so it must be seen what was understood."""
    _, reading, body = next(entry for entry in read_corpus() if entry[0] == "absence-returns-fi")

    assert explain_reading(reading, body, language, name="x", subject="y").because[-2:] == says
