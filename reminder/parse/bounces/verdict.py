"""What a judge says of a delivery report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`is_failure` is False for `delivered`, `relayed` and `expanded`, which are good news."""

    recipients: tuple[str, ...] = ()
    is_failure: bool = True
    is_permanent: bool = False
    status: str = ""
    diagnostic: str = ""
