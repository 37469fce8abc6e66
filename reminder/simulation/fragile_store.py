"""The real store, with crash points around each commit and a database that is busy at times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from reminder.errors import TemporaryFailure
from reminder.simulation.world import World, name_caller
from reminder.store.engine import Store


@dataclass(frozen=True, slots=True)
class FragileStore(Store):
    """A store of one incarnation; when that has died, nothing of it reaches the database any more."""

    world: World
    incarnation: int

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """As `Store.begin`. A crash before the commit rolls back, one after it leaves what was committed."""
        world, where = self.world, name_caller()
        world.fence(self.incarnation)
        if world.strikes("database busy"):
            world.settle_talk(is_recorded=False)
            raise TemporaryFailure("The database cannot be used just now: database is locked.")
        try:
            with Store.begin(self) as connection:
                yield connection
                world.fence(self.incarnation)
                world.point(f"before the commit of {where}")
        except BaseException:
            world.settle_talk(is_recorded=False)
            raise
        world.settle_talk(is_recorded=True)
        world.point(f"after the commit of {where}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """As `Store.read`."""
        self.world.fence(self.incarnation)
        with Store.read(self) as connection:
            yield connection
