"""The steps of a round, or of a party that differs: each rule read, judged by its words, and kept with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.anchors import AnchorDraft
from reminder.configuration.drafts import PlacedRule
from reminder.configuration.findings import HasPlace, hint_for
from reminder.configuration.nodes import Node, Scalar, Table
from reminder.configuration.phrases import after_blank, did_you_mean
from reminder.configuration.rules import (
    DUE,
    NOTHING,
    NOTICE,
    REQUEST,
    WEEKDAYS,
    TooFar,
    anchors_of,
    find_guess,
    looks_like_repeat,
    read_digest,
    read_repeat,
    read_rule,
    read_working_days,
)
from reminder.configuration.sections import Section, is_given, open_section, read_line
from reminder.configuration.values import is_night_time
from reminder.domain.rounds import DEFAULT_GRACE, ROUND_DUE, DateRule, DigestRule, EscalationRule, EscalationTarget, Repeat, RoundSchedule
from reminder.domain.workdays import Unit


class StepReader:
    """Reads the steps under one key. With `override` the section is that of a party; what it inherits is placed at its name."""

    def __init__(self, section: Section, anchors: Mapping[str, AnchorDraft], override: HasPlace | None = None) -> None:
        self.section, self.report, self.anchors, self.override = section, section.report, anchors, override
        self.rules: list[PlacedRule] = []

    def read(self) -> RoundSchedule | None:
        """The schedule; None where one of request, due and closes could not be read, which is reported."""
        section = self.section
        request = self._needed_rule("request", "financial_statements")
        due = self._needed_rule("due", "financial_statements + 10 working days")
        closes = self._needed_rule("closes", "due + 8 weeks")
        notice, last_call = self._rule_under("notice"), self._rule_under("last_call")
        contacts = self._read_contacts(has_notice=notice is not None) if self.override is None else None
        reminders = self._rules_of(section.items("reminders"), "reminders")
        overdue, repeat = self._read_overdue(section.items("overdue"))
        escalation = self._read_escalation()
        digest = self._read_digest() if self.override is None else None
        report = self._rule_under("report") if self.override is None else None
        if request is None or due is None or closes is None:
            return None
        return RoundSchedule(
            request=request,
            due=due,
            closes=closes,
            contacts=contacts,
            notice=notice,
            reminders=reminders,
            last_call=last_call,
            overdue=overdue,
            overdue_repeat=repeat,
            escalation=escalation,
            digest=digest,
            report=report,
        )

    def _needed_rule(self, key: str, example: str) -> DateRule | None:
        # What the round lacks is reported there, not again for each of its overrides.
        node = self.section.need(key, example) if self.override is None else self.section.find(key)
        return None if node is None else self._rule(node, key)

    def _rule_under(self, key: str) -> DateRule | None:
        node = self.section.find(key)
        return None if node is None or is_nothing(node) else self._rule(node, key)

    def _notice_for(self, key: str) -> tuple[str, ...]:
        """The list of contacts may hang on the notice, where there is one; nothing else may."""
        node = self.section.find(NOTICE) if key == "contacts" else None
        return (NOTICE,) if node is not None and is_given(node) and not is_nothing(node) else ()

    def _read_contacts(self, *, has_notice: bool) -> DateRule | None:
        """As written; where nothing is, two weeks before the first mail to the parties."""
        if not is_given(self.section.find("contacts")):
            return DateRule(base=NOTICE if has_notice else REQUEST, amount=-2, unit=Unit.WEEKS)
        return self._rule_under("contacts")

    def _rules_of(self, nodes: Sequence[Node], key: str) -> tuple[DateRule, ...]:
        wanted = (node for node in nodes if is_given(node) and not is_nothing(node))
        return tuple(rule for node in wanted if (rule := self._rule(node, key)) is not None)

    def placed_rules(self, nodes: Sequence[Node], key: str) -> Iterator[PlacedRule]:
        """The rules of a key that is no step, such as the days of a hearing; what cannot be read is reported and left out."""
        for node in nodes:
            if is_given(node) and not is_nothing(node) and (rule := self._rule(node, key)) is not None:
                yield PlacedRule(key, rule, node)

    def _rule(self, node: Node, key: str) -> DateRule | None:
        text = read_line(node, f"`{key}`", self.report)
        if text is None:
            return None
        rule = read_rule(text)
        if isinstance(rule, TooFar):
            self.report.add(say.RULE_TOO_FAR, node, value=text)
        elif rule is None:
            self.report.add(say.RULE_UNREADABLE, node, value=text, hint=self._guess(text))
        else:
            return self._placed(rule, key, node)
        return None

    def _guess(self, text: str) -> object:
        guess = find_guess(text, tuple(self.anchors))
        return after_blank(did_you_mean(guess) if guess else None)

    def _placed(self, rule: DateRule, key: str, node: HasPlace) -> DateRule | None:
        """The rule, kept with its place; None where it hangs on an unknown anchor, which is reported."""
        known = (*self.anchors, REQUEST, DUE, *self._notice_for(key))
        unknown = [name for name in anchors_of(rule) if name not in known]
        for name in unknown:
            likely = known if name == rule.base else (*self.anchors, *WEEKDAYS)
            self.report.add(say.ANCHOR_UNKNOWN, node, anchor=name, hint=hint_for(name, likely))
        if unknown:
            return None
        if rule.at is not None and is_night_time(rule.at):
            self.report.add(say.NIGHT_TIME, node, value=f"{rule.at:%H:%M}")
        if self.override is not None:
            is_own = key in self.section.entries
            node = node if is_own else self.override
            # The deadline of a party may hang on that of the round, which it would otherwise be itself.
            rule = replace(rule, base=ROUND_DUE) if key == DUE == rule.base and is_own else rule
        self.rules.append(PlacedRule(key, rule, node))
        return rule

    def _read_overdue(self, nodes: Sequence[Node]) -> tuple[tuple[DateRule, ...], Repeat | None]:
        last = nodes[-1] if nodes else None
        if not isinstance(last, Scalar) or not looks_like_repeat(last.value):
            return self._rules_of(nodes, "overdue"), None
        repeat = read_repeat(last.value)
        if repeat is None or len(nodes) == 1:
            self.report.add(say.REPEAT_UNREADABLE, last, value=last.value)
        return self._rules_of(nodes[:-1], "overdue"), repeat

    def _read_escalation(self) -> EscalationRule | None:
        """`due + 10 working days`, or a table with `when`, `to` and `grace`."""
        node = self.section.find("escalate")
        if node is None or is_nothing(node):
            return None
        if not isinstance(node, Table):
            rule = self._rule(node, "escalate")
            return None if rule is None else EscalationRule(at=rule)
        inner = open_section(node, keys.ESCALATE, "`escalate`", self.report)
        when = inner.need("when", "due + 10 working days")
        rule = None if when is None else self._rule(when, "escalate")
        to, grace = self._read_targets(inner), self._read_grace(inner)
        return None if rule is None else EscalationRule(at=rule, to=to, grace=grace)

    def _read_targets(self, inner: Section) -> tuple[EscalationTarget, ...]:
        found: dict[EscalationTarget, None] = {}
        for item in inner.items("to"):
            word = read_line(item, "`to`", self.report)
            if word in tuple(EscalationTarget):
                found[EscalationTarget(word)] = None
            elif word is not None:
                self.report.add(say.NOT_CHOICE, item, value=word, what="`to`", hint=hint_for(word, tuple(EscalationTarget)))
        return tuple(found) or (EscalationTarget.MANAGER,)

    def _read_grace(self, inner: Section) -> int:
        written = inner.line("grace")
        days = read_working_days(written) if written else DEFAULT_GRACE
        if days is None:
            self.report.add(say.NOT_GRACE, inner.place("grace"), value=written)
        return days or 1

    def _read_digest(self) -> DigestRule | None:
        node = self.section.find("digest")
        text = "" if node is None or is_nothing(node) else self.section.line("digest")
        if not text:
            return None
        place, rule = self.section.place("digest"), read_digest(text)
        if rule is None:
            self.report.add(say.DIGEST_UNREADABLE, place, value=text, hint=self._guess(text))
            return None
        if is_night_time(rule.at):
            self.report.add(say.NIGHT_TIME, place, value=f"{rule.at:%H:%M}")
        start = self._placed(rule.start, "digest", place)
        until = start if rule.until is None else self._placed(rule.until, "digest", place)
        return None if start is None or until is None else rule


def is_nothing(node: Node) -> bool:
    """Whether `none` stands there: the step is left out, whatever `defaults` or the round say."""
    return isinstance(node, Scalar) and node.value.strip().casefold() == NOTHING
