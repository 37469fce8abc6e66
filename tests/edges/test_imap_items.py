"""FETCH answers are read item by item, so that no body can come under another mail's UID."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from reminder.edges.imap_items import read_items, uid_set

_BODIES = st.binary(max_size=60)
_STYLES = st.sampled_from(["before", "after", "quoted"])
_STRAYS = st.sampled_from(
    [
        b"9 (FLAGS (\\Seen))",
        b"9 (FLAGS (\\Seen) UID 99)",
        b"3 (UID 77 FLAGS ($Label UID 5))",
        b"4 (FLAGS ())",
    ]
)


def _answer(number: int, uid: int, body: bytes, style: str) -> list[object]:
    """How `imaplib` hands over one answer of a server that puts the UID before the literal, after it, or quotes the body."""
    if style == "before":
        return [(b"%d (UID %d BODY[] {%d}" % (number, uid, len(body)), body), b")"]
    if style == "after":
        return [(b"%d (FLAGS (UID 4) BODY[] {%d}" % (number, len(body)), body), b" UID %d)" % uid]
    escaped = body.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\r", b"").replace(b"\n", b"")
    return [b'%d (UID %d BODY[] "%b")' % (number, uid, escaped)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_BODIES, _STYLES, st.lists(_STRAYS, max_size=2)), max_size=8))
def test_each_body_comes_under_its_own_uid(mails: list[tuple[bytes, str, list[bytes]]]) -> None:
    """Whatever is strewn between the answers, and wherever the server puts the UID: bodies that look like protocol included."""
    data: list[object] = []
    expected = {}
    for number, (body, style, strays) in enumerate(mails, start=1):
        data += [*strays, *_answer(number, 1000 + number, body, style)]
        expected[str(1000 + number)] = body.replace(b"\r", b"").replace(b"\n", b"") if style == "quoted" else body

    found = {item.uid: item.body for item in read_items(data) if item.body is not None}

    assert found == expected


def test_the_famous_mispairing() -> None:
    """An unsolicited FLAGS answer with a UID stands before a body whose UID comes after the literal: the body is 256, not 257."""
    data = [b"2 (FLAGS (\\Seen) UID 257)", (b"1 (BODY[] {4}", b"body"), b" UID 256)"]

    assert [(item.uid, item.body) for item in read_items(data)] == [("257", None), ("256", b"body")]


def test_size_and_date_are_read() -> None:
    """INTERNALDATE with its offset becomes UTC; a one-digit day is padded with a blank."""
    (item,) = read_items([b'1 (UID 5 RFC822.SIZE 1234 INTERNALDATE " 7-Jan-2025 10:00:00 +0200")'])

    assert (item.uid, item.size, item.internal_date) == ("5", 1234, datetime(2025, 1, 7, 8, 0, tzinfo=UTC))


def test_a_date_that_is_none_is_none() -> None:
    """Missing, or no date at all: not an error."""
    for said in (
        b"1 (UID 5 RFC822.SIZE 1)",
        b'1 (UID 5 INTERNALDATE "99-Jan-2025 10:00:00 +0200")',
        b'1 (UID 5 INTERNALDATE "01-Foo-2025 10:00:00 +0200")',
    ):
        assert read_items([said])[0].internal_date is None


def test_an_empty_body_is_a_body() -> None:
    """NIL, an empty string and an empty literal are mails of no bytes."""
    for data in ([b"1 (UID 5 BODY[] NIL)"], [b'1 (UID 5 BODY[] "")'], [(b"1 (UID 5 BODY[] {0}", b""), b")"]):
        assert [(item.uid, item.body) for item in read_items(data)] == [("5", b"")]


def test_what_imaplib_gives_for_nothing_is_nothing() -> None:
    """No answers at all come as a list of None."""
    assert read_items([None]) == ()
    assert read_items([]) == ()


@given(st.sets(st.integers(min_value=1, max_value=60)))
def test_a_sequence_set_names_these_and_no_others(uids: set[int]) -> None:
    """Runs are shortened only where every number of them was asked for."""
    named: set[int] = set()
    for part in uid_set([str(uid) for uid in uids]).split(",") if uids else ():
        first, _, last = part.partition(":")
        named |= set(range(int(first), int(last or first) + 1))

    assert named == uids
