"""Who is away, and until when: learnt from an automatic reply, so that a reminder waits for somebody who can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """One person is away. `back_on` is the first day on which they are back, so that "until 2 March" is the 3rd."""

    person: str
    """Pseudonymous id."""
    back_on: date | None
    """None where the note names no day: then nothing waits for it."""
    inbound_id: int
    """The automatic reply that said so; it may also name a substitute."""

    @property
    def last_day(self) -> date | None:
        """The last day away."""
        return None if self.back_on is None else self.back_on - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitute:
    """Who stands in, as the note names them: an address, a name, or both. Never written to before a person has decided so."""

    address: str = ""
    name: str = ""
    quote: str = ""
    """The sentence that says so."""
