"""What the sender wrote = the mail minus what we sent (DESIGN, decision 17).

1. Each span of the request is looked for in the squashed mail. Long spans form a chain: the heaviest set of matches that
   stand in the order in which we wrote them.
2. Between two matches of the chain, the short spans that belong there are looked for too. So a `12 vihreä` of our own
   acknowledgement is subtracted where it was quoted, and the same words typed above it are not.
3. Whatever else repeats 24 characters of ours in a row is ours as well: a paragraph that somebody has typed into.

No list of "wrote:" phrases takes part in this.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reminder.domain.messages import SentMessage, Span, SpanKind
from reminder.parse.squash import Stream, squash

LONG = 8
"""Squashed characters from which on a span may carry the chain."""
GRAM = 24
STRIDE = 12
SAMPLE = GRAM - STRIDE + 1
OCCURRENCES = 60
"""How often one text of ours is looked for: a label stands once for each action of a long request."""
MESSAGES = 6
ROUNDS = 3
"""How often one request is looked for in one mail: somebody may have copied it above the quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One span found in the stream, from `start` to `end` (exclusive)."""

    message: SentMessage
    index: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The span of ours that was found."""
        return self.message.spans[self.index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtraction:
    """What of the stream is ours: the matched spans in order, and the characters that only repeat us."""

    matches: tuple[Match, ...]
    repeated: bytearray
    """For each character of the stream: 1 where a match owns it, 2 where it only repeats us (rule 3), else 0."""


def subtract(stream: Stream, sent: Sequence[SentMessage]) -> Subtraction:
    """Finds what is ours in the stream, messages in the order given (the newest first)."""
    owned = bytearray(len(stream.text))
    matches: list[Match] = []
    for message in sent[:MESSAGES]:
        squashed = [squash(span.text) for span in message.spans]
        for number in range(ROUNDS):
            found = _align(stream, message, squashed, owned)
            if sum(match.end - match.start for match in found) < GRAM:
                break
            # A second copy has its heads; labels alone are those of another mail of ours, and would name a wrong action.
            if number and not any(match.span.kind is SpanKind.HEAD for match in found):
                break
            for match in found:
                owned[match.start : match.end] = b"\1" * (match.end - match.start)
            matches.extend(found)
        for ours in _prose_runs(message, squashed):
            _cover_grams(stream.text, ours, owned)
        _cover_cut_off(stream, message, squashed, matches, owned)
    matches.sort(key=lambda match: match.start)
    return Subtraction(matches=tuple(matches), repeated=owned)


def _align(stream: Stream, message: SentMessage, squashed: Sequence[str], owned: bytearray) -> list[Match]:
    candidates = [
        Match(message=message, index=index, start=start, end=start + len(text))
        for index, text in enumerate(squashed)
        if len(text) >= LONG and not _is_light_link(message, index, text)
        for start in _occurrences(stream, text, owned)
    ]
    chain = _heaviest_chain(candidates, len(squashed))
    return [*chain, *_fill_gaps(stream, message, squashed, chain, owned)]


def _occurrences(stream: Stream, text: str, owned: bytearray, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where a squashed text stands as whole words in the part of the stream that is not yet owned."""
    limit = len(stream.text) if end is None else end
    found = 0
    while found < OCCURRENCES and (start := stream.text.find(text, start, limit)) >= 0:
        last = start + len(text) - 1
        if not owned[start] and not owned[last] and stream.starts_word(start) and stream.ends_word(last):
            yield start
            found += 1
            start = last
        start += 1


def _heaviest_chain(candidates: list[Match], spans: int) -> list[Match]:
    """The matches of greatest total length that stand in the order of the spans, none overlapping: O(n log n)."""
    candidates.sort(key=lambda match: match.start)
    best = _PrefixMaximum(spans + 1)
    before: list[int] = []
    weights: list[int] = []
    waiting: list[tuple[int, int]] = []
    for number, match in enumerate(candidates):
        while waiting and waiting[0][0] <= match.start:
            _, done = heapq.heappop(waiting)
            best.offer(candidates[done].index + 1, weights[done], done)
        weight, previous = best.up_to(match.index)
        weights.append(weight + match.end - match.start)
        before.append(previous)
        heapq.heappush(waiting, (match.end, number))
    chain: list[Match] = []
    number = max(range(len(weights)), key=weights.__getitem__, default=-1)
    while number >= 0:
        chain.append(candidates[number])
        number = before[number]
    return chain[::-1]


class _PrefixMaximum:
    """A Fenwick tree of maxima over span numbers, each with the candidate that reached it."""

    def __init__(self, size: int) -> None:
        self._best = [(0, -1)] * (size + 1)

    def offer(self, position: int, weight: int, number: int) -> None:
        """Notes a weight at a position (from 1)."""
        while position < len(self._best):
            if weight > self._best[position][0]:
                self._best[position] = (weight, number)
            position += position & -position

    def up_to(self, position: int) -> tuple[int, int]:
        """The greatest weight at positions 1 to `position`, and whose it is."""
        best = (0, -1)
        while position > 0:
            best = max(best, self._best[position])
            position -= position & -position
        return best


def _fill_gaps(stream: Stream, message: SentMessage, squashed: Sequence[str], chain: Sequence[Match], owned: bytearray) -> list[Match]:
    """The short spans that we wrote between two neighbours of the chain, where they stand between them in the mail too."""
    filled: list[Match] = []
    for left, right in pairwise(chain):
        wanted = [index for index in range(left.index + 1, right.index) if squashed[index]]
        if not wanted or right.start - left.end > 20_000:
            continue
        position = left.end
        found: list[Match] = []
        for index in wanted:
            start = next(_occurrences(stream, squashed[index], owned, position, right.start), -1)
            if start >= 0:
                position = start + len(squashed[index])
                found.append(Match(message=message, index=index, start=start, end=position))
        filled.extend(_without_half_links(stream, message, wanted, found))
    return filled


def _is_light_link(message: SentMessage, index: int, squashed: str) -> bool:
    """Whether a span is the one word of a light link; a sentence that only the HTML part shows is as plainly ours as any."""
    return message.spans[index].kind is SpanKind.LINK and len(squashed) < GRAM


def _without_half_links(stream: Stream, message: SentMessage, wanted: Sequence[int], found: Sequence[Match]) -> list[Match]:
    """The words of light links count as ours only where all of them are there, and not on a line that begins with the label
    of the light: one alone is what somebody typed, and `Tila (vihreä / x keltainen / punainen)` is the list, marked by hand."""
    links = {index for index in wanted if _is_light_link(message, index, squash(message.spans[index].text))}
    is_whole = links <= {match.index for match in found} and not any(
        match.index in links and _is_label_line(stream, message, match) for match in found
    )
    return [match for match in found if is_whole or match.index not in links]


def _is_label_line(stream: Stream, message: SentMessage, match: Match) -> bool:
    line = squash(stream.lines[stream.rows[match.start]][:100])
    labels = {squash(span.text.partition("(")[0]) for span in message.spans if span.kind is SpanKind.LIGHT_LABEL}
    return any(line.startswith(label) for label in labels if label)


_STRUCTURE = frozenset({SpanKind.HEAD, SpanKind.LIGHT_LABEL, SpanKind.DONE_LABEL, SpanKind.NEXT_LABEL, SpanKind.LINK})


def _prose_runs(message: SentMessage, squashed: Sequence[str]) -> Iterator[str]:
    """Our text between heads and labels. Those take no part in rule 3: `Tila: vihreä` typed under a head would repeat us, and a
    sentence may well name an action by its whole title."""
    run: list[str] = []
    for span, text in zip(message.spans, squashed, strict=True):
        if span.kind not in _STRUCTURE:
            run.append(text)
        elif run:
            yield "".join(run)
            run.clear()
    yield "".join(run)


def _cover_cut_off(stream: Stream, message: SentMessage, squashed: Sequence[str], matches: Sequence[Match], owned: bytearray) -> None:
    """Where the mail ends in the middle of our text, the rest is ours too: what follows the last match is how we went on.

    Words behind a match on its own line are left alone, for there people type.
    """
    own = [match for match in matches if match.message is message]
    if not own:
        return
    last = max(own, key=lambda match: match.end)
    rest = stream.text[last.end :]
    if not rest or stream.rows[last.end] == stream.rows[last.end - 1]:
        return
    following = range(last.index + 1, len(squashed))
    shown = (
        "".join(squashed[index] for index in following),
        "".join(squashed[index] for index in following if not _is_link(message, index)),
    )
    if any(went_on.startswith(rest) for went_on in shown):
        _mark(owned, last.end, len(stream.text))


def _is_link(message: SentMessage, index: int) -> bool:
    return message.spans[index].kind is SpanKind.LINK


def _mark(owned: bytearray, start: int, end: int) -> None:
    for index in range(start, end):
        owned[index] = owned[index] or 2


def _cover_grams(text: str, ours: str, owned: bytearray) -> None:
    """Marks every character that lies in a run of 24 that we wrote too.

    Such a run holds a shorter one that begins at every twelfth character, so only these are looked at until one is found.
    """
    grams, shorter = _grams(ours, GRAM), _grams(ours, SAMPLE)
    if not grams:
        return
    covered = 0
    for sample in range(0, len(text) - SAMPLE + 1, STRIDE):
        if sample < covered or text[sample : sample + SAMPLE] not in shorter:
            continue
        for start in range(max(covered, sample - STRIDE + 1), min(sample, len(text) - GRAM) + 1):
            if not owned[start] and text[start : start + GRAM] in grams:
                covered = _end_of_run(text, start + GRAM, grams)
                _mark(owned, start, covered)
                break


def _end_of_run(text: str, end: int, grams: frozenset[str]) -> int:
    while end < len(text) and text[end - GRAM + 1 : end + 1] in grams:
        end += 1
    return end


@lru_cache(maxsize=64)
def _grams(text: str, length: int) -> frozenset[str]:
    """All runs of this length."""
    return frozenset(text[start : start + length] for start in range(len(text) - length + 1))
