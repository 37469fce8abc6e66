"""A12 and P2: what the process that reads holds at its peak, by the kernel's own count, for mails of 50 MB and for files that unpack."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.hostile.keeper import LIMITS, Keeper
from tests.hostile.test_poison import attached_bombs
from tests.hostile.zoo import MEGABYTE, head, html, plain
from tests.hostile.zoo_bodies import attached, zipped
from tests.wire.test_workbook import BOMBS

SIZE = 50 * MEGABYTE
BOMB_MB = 50
"""What a bomb may cost beyond a mail of a line (fault A12)."""
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIXED = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nOhessa.\r\n--b\r\n'
LARGE: Mapping[str, Callable[[], bytes]] = {
    "lines": lambda: plain(b"1.5: jotain, eik\xc3\xa4 valoa\r\n" * (SIZE // 27)),
    "one line": lambda: plain(b"x" * SIZE),
    "a page": lambda: html(b"<p>1.5: <b>x</b></p>\r\n" * (SIZE // 22)),
    "a text in base64": lambda: plain(base64.encodebytes(b"1.5: jotain\r\n" * (SIZE // 18)), Content_Transfer_Encoding="base64"),
    "a file": lambda: attached(b"x" * (SIZE * 73 // 100), "kuva.jpg", "image/jpeg"),
    "a workbook": lambda: attached(zipped(64 * MEGABYTE) + b"x" * (SIZE * 73 // 100), "raportti.xlsx", SHEET),
    "headers": lambda: head() + b"X-A: b\r\n" * (SIZE // 8) + b"\r\n1.5: x\r\n",
    "many files": lambda: head() + MIXED + b"Content-Type: image/png\r\n\r\nx\r\n--b\r\n" * (SIZE // 36),
}


@pytest.fixture
def fresh() -> Iterator[Keeper]:
    """A process that has read nothing large before; what a small mail costs stands first."""
    keeper = Keeper()
    keeper.feed("a line", plain(b"1.5: x\r\n"))
    yield keeper
    keeper.reader.close()


@pytest.mark.slow
@pytest.mark.fault("K19", "A12")
@pytest.mark.parametrize("name", LARGE)
def test_a_mail_of_fifty_megabytes_is_read_within_the_limit(fresh: Keeper, name: str) -> None:
    """At most four times its size beyond an empty mail, which is well within the limit; and it is read, not killed."""
    raw = LARGE[name]()
    fresh.feed(name, raw)
    before, peak = (cost.megabytes for cost in fresh.costs)

    assert len(raw) > SIZE * 0.95
    assert peak - before < 4 * SIZE / MEGABYTE
    assert peak < LIMITS.memory_mb / 2 + before


@pytest.mark.slow
@pytest.mark.fault("A12")
def test_a_file_that_unpacks_costs_little(fresh: Keeper) -> None:
    """Attached to the reply of somebody who may answer, the files are looked into, and give up before they have cost much."""
    mails = {name: attached(make(), "raportti.xlsx", SHEET) for name, make in BOMBS.items()} | dict(attached_bombs())
    for name, raw in mails.items():
        fresh.feed(name, raw)

    before, *costs = fresh.costs
    assert [cost.name for cost in costs] == list(mails), "the process was ended and replaced"
    most = {name: before.megabytes + BOMB_MB + 2 * len(raw) / MEGABYTE for name, raw in mails.items()}
    assert [cost for cost in costs if cost.megabytes > most[cost.name]] == []
