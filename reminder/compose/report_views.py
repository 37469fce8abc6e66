"""The mail that brings the report for the executive: what it needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from reminder.compose.views import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """What stands in the mail; the report itself is attached."""

    heading: Heading
    summary: str
    """The figures in some sentences, in the language of the mail."""
    withheld: int
    """Of how many actions the words are missing, since nobody has published them."""
    left_out: tuple[str, ...] = ()
    """Forms that are not attached: too large, or not to be written here."""
    is_attached: bool = True
