"""The zoo in the real process: each beast ends in a reading within the limits, and none of them gives a light.

A tenth of it is fed in every run, all of it in the slow ones. What the kernel holds needs no stopwatch: a mail beyond a limit
raises ReadingFailed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.domain.readings import Verdict
from tests.corpus.stored import load_cases
from tests.corpus.world import all_sent, understand_case
from tests.hostile import zoo, zoo_bodies
from tests.hostile.baits import find_patterns, make_baits
from tests.hostile.keeper import Keeper
from tests.hostile.zoo import head

BEASTS: Mapping[str, Callable[[], bytes]] = {
    **zoo.STRUCTURES,
    **zoo.HEADERS,
    **zoo_bodies.TEXTS,
    **zoo_bodies.ENCODINGS,
    **zoo_bodies.PAGES,
    **zoo_bodies.FILES,
}
EVERY_RUN = frozenset(list(BEASTS)[::10])
NAMES = [name if name in EVERY_RUN else pytest.param(name, marks=pytest.mark.slow) for name in BEASTS]
FUZZ = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.mark.fault("P1", "P3", "P12")
@pytest.mark.parametrize("name", NAMES)
def test_a_beast_is_read_within_the_limits_and_gives_no_light(keeper: Keeper, name: str) -> None:
    """Nothing in the zoo is an answer, whatever it repeats of us, and nothing in it comes near to the end of a limit."""
    reading = keeper.feed(name, BEASTS[name]())

    assert [answer.light for answer in reading.answers if answer.light] == []
    assert reading.verdict in {Verdict.HELD, Verdict.ASKED_BACK, Verdict.IGNORED}


def bait(text: str) -> bytes:
    """A mail that holds the text wherever a pattern may look: subject, author, text part and HTML part."""
    written = text.encode("utf-8", "replace").decode()
    line = " ".join(written.split())
    parts = f"\r\n--=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{written}\r\n--=\r\nContent-Type: text/html\r\n\r\n<p>{written}\r\n"
    fields = {"Subject": line, "References": line, "Authentication_Results": line, "Content_Disposition": f'inline; filename="{line}"'}
    return head(Content_Type='multipart/alternative; boundary="="', **fields) + parts.encode()


def list_baits() -> Iterator[tuple[str, str]]:
    """Each pattern with its baits."""
    return ((f"bait {pattern[:30]}", text) for pattern in find_patterns() for text in make_baits(pattern))


@pytest.mark.parametrize("step", [75, pytest.param(1, marks=pytest.mark.slow)])
def test_no_pattern_of_the_parser_takes_its_bait(keeper: Keeper, step: int) -> None:
    """For every regular expression that reading uses, 60 kB that almost match it, in every place where it may be applied."""
    for name, text in islice(list_baits(), 0, None, step):
        keeper.feed(name, bait(text))


@FUZZ
@given(raw=st.binary(max_size=3000))
def test_any_bytes_are_read(keeper: Keeper, raw: bytes) -> None:
    """Random bytes end in a reading without a light."""
    reading = keeper.feed("random bytes", raw)

    assert not reading.answers


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A mail of the corpus, cut, twisted and sewn together again."""
    raw = draw(st.sampled_from(load_cases()[::5])).raw
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 400)))
        change = draw(st.sampled_from(("cut", "repeat", "replace", "insert", "swap", "end")))
        noise = draw(st.sampled_from(NOISE))
        raw = {
            "cut": raw[:start] + raw[end:],
            "repeat": raw[:end] + raw[start:end] * draw(st.integers(1, 50)) + raw[end:],
            "replace": raw[:start] + noise + raw[end:],
            "insert": raw[:start] + noise + raw[start:],
            "swap": raw[end:] + raw[start:end] + raw[:start],
            "end": raw[:end],
        }[change]
    return raw


NOISE = (
    b"\x00",
    b"\xff\xfe",
    b"\r",
    b"\n\n",
    b"\r\n--",
    b"=",
    b"=?utf-8?q?=0A?=",
    b"\xed\xa0\x80",
    b"<!--",
    b"<blockquote>",
    b"</",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b'; charset="utf-7"',
    b"> > >",
    "\u202e\u200b\u0300".encode(),
    b"1.5: ",
    b"9" * 300,
)


@FUZZ
@given(raw=mutants())
def test_mutants_of_the_corpus_are_read_as_in_our_own_process(keeper: Keeper, raw: bytes) -> None:
    """Each ends in a reading, and the process that reads is of one mind with the parser."""
    case = load_cases()[0]
    here = understand_case(raw, case.received_at, all_sent())

    assert understand_case(raw, case.received_at, all_sent(), reader=keeper.reader) == here
