"""What a judge says of a delivery report."""

from __future__ import annotations

from dataclasses import dataclass

from reminder.domain.readings import SignKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`is_failure` is False for `delivered`, `relayed` and `expanded`, which are good news; `is_delivered` is the best of them."""

    recipients: tuple[str, ...] = ()
    is_failure: bool = True
    is_permanent: bool = False
    status: str = ""
    diagnostic: str = ""
    is_delivered: bool = False

    @property
    def sign(self) -> SignKind:
        """What it proves of the mail that it is about."""
        if self.is_failure:
            return SignKind.RETURNED if self.is_permanent else SignKind.DELAYED
        return SignKind.DELIVERED if self.is_delivered else SignKind.RELAYED
