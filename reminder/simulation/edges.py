"""The other edges of a simulated process: the public page and the reader of mails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reminder.domain.readings import Reading
from reminder.edges.reading import ReaderHere
from reminder.errors import ReadingFailed, TemporaryFailure
from reminder.parse.context import Context
from reminder.parse.gist import Gist
from reminder.simulation.world import World
from reminder.wire.reply_token import Keyring

POISON = b"X-Poison: yes\r\n"
"""A mail with this header breaks the reader, as mails have broken readers."""


class SimulatedSite:
    """The public page: replaced whole, with a crash point on either side."""

    def __init__(self, world: World, incarnation: int) -> None:
        self._world = world
        self._incarnation = incarnation

    def publish(self, files: Mapping[str, bytes]) -> None:
        """As `ports.Site`."""
        self._world.fence(self._incarnation)
        if self._world.strikes("page not writable"):
            raise TemporaryFailure("The page cannot be written.")
        self._world.point("before the page is replaced")
        self._world.journal.pages.append(dict(files))
        self._world.point("after the page was replaced")


class SimulatedReader(ReaderHere):
    """Reads as in the service, here; breaks on poison."""

    def read(
        self, raw: bytes, keyring: Keyring, programme_tags: Sequence[str], look_up: Callable[[Gist], Context]
    ) -> tuple[Gist, Context, Reading]:
        """As `ports.MailReader`."""
        if POISON in raw:
            raise ReadingFailed("Reading it took too long.")
        return super().read(raw, keyring, programme_tags, look_up)
