"""Which parties a cell of a contact list names: those of the programme, by id or name, or what the cell itself says where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reminder.configuration.findings import near_miss
from reminder.configuration.party_names import PartyNames, ids_of, mend, name_key, vocabulary_of
from reminder.domain.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundParties:
    """Ids of the parties, and a reason for each name that is none, with what to do."""

    ids: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class KnownParties:
    """The parties of a programme that stands beside the list; commas within their names are known as such."""

    def __init__(self, programmes: Sequence[Programme], aliases: Mapping[str, Sequence[str]]) -> None:
        self._programmes = programmes
        known = [party for programme in programmes for party in programme.parties.values()]
        self._spellings = {name: party.id for party in known for name in (*party.was, *party.name.texts.values(), party.id)}
        by_key = {name_key(name): party for name, party in self._spellings.items()}
        meant = {spelling: [by_key[name_key(one)] for one in names if name_key(one) in by_key] for spelling, names in aliases.items()}
        self._ids = frozenset(self._spellings.values())
        self._names = PartyNames(
            aliases={**{one: ids for one, ids in meant.items() if ids}, **{one: (ids,) for one, ids in self._spellings.items()}}
        )
        self._names.learn([])
        self._words = vocabulary_of(self._spellings)

    def find(self, cell: str) -> FoundParties:
        """The parties that a cell names."""
        pieces = self._names.split(mend(cell.replace("\n", "; "), self._words))
        unknown = tuple(self._explain(piece) for piece in pieces if piece not in self._ids)
        return FoundParties(ids=tuple(piece for piece in pieces if piece in self._ids), unknown=unknown)

    def shown(self, party: str) -> str:
        """What a party is called."""
        return next((one.parties[party].name.in_language("fi") for one in self._programmes if party in one.parties), party)

    def _explain(self, name: str) -> str:
        guess = near_miss(name, self._spellings)
        hint = f"did you mean {guess}?" if guess else "add it there, or name its party with --aliases"
        return f"{name.strip(' .')!r} is no party of programme.yaml; {hint}"


@dataclass(slots=True)
class FreeParties:
    """No programme is known: the names of the list make the parties, as `import programme` would make them."""

    names: PartyNames
    _ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> FreeParties:
        """Learns the names of a column."""
        names = PartyNames(aliases=aliases)
        names.learn(list(cells))
        return cls(names, ids_of([name for cell in cells for name in names.split(cell)]))

    def find(self, cell: str) -> FoundParties:
        """The parties that a cell names."""
        return FoundParties(ids=tuple(self._ids[name] for name in self.names.split(cell) if name in self._ids))

    def shown(self, party: str) -> str:
        """What a party is called."""
        return next((name for name, one in self._ids.items() if one == party), party)
