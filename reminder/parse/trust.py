"""Who the sender is to us, and for which parties they may speak (DESIGN, decision 19)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reminder.domain.judging import SUB_COMMITTEE
from reminder.domain.messages import SentMessage
from reminder.domain.readings import SENDERS_RULE, Sender, Trust
from reminder.domain.senders import Handling, SenderRules, strictest
from reminder.parse.authentication import read_dmarc
from reminder.parse.classify import plain_address
from reminder.parse.context import Context, SenderEntry
from reminder.parse.message import Mail

NOBODY = SenderEntry(person="")
NO_JUDGE = "It answers the question for the sub-committee's own light, and its sender is not among those who give it."
JUDGE_RULE = "not_the_sub_committee"
_UNAUTHENTICATED = "Our mail server does not vouch for the sender's address, and such answers wait for the coordinator here."
_HELD_ROLES = {
    Trust.LISTED: "Answers of contacts wait for the coordinator here.",
    Trust.DEPUTY: "Answers of deputies wait for the coordinator here.",
    Trust.DOMAIN: "Answers of others in the same organisation wait for the coordinator here.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The sender with the messages that they may answer, newest first, and the parties that they may answer for."""

    sender: Sender
    parties: frozenset[str] = frozenset()
    messages: tuple[SentMessage, ...] = ()
    is_provisional: bool = False
    rule: str = ""
    refusal: str = ""
    """Why the mail is held; empty where it may be applied."""


def judge_sender(mail: Mail, context: Context) -> Standing:
    """Whether this mail may change anything, and for whom."""
    entry = context.senders.get(mail.sender) or context.senders.get(plain_address(mail.sender)) or NOBODY
    verdict = read_dmarc(mail, context.trusted_authserv)
    is_authenticated = verdict == "pass"
    if context.vouched:
        return _vouched(mail, context, entry)
    if mail.from_fault:
        return _refused(mail, entry, Trust.STRANGER, f"It does not say plainly who wrote it ({mail.from_fault}).", "from")
    if verdict == "fail":
        return _refused(mail, entry, Trust.REFUSED, "Our mail server says that the sender's address is forged (dmarc=fail).", "dmarc")
    proven = tuple(message for message in context.sent if message.id in context.proven and message.items)
    if not proven:
        return _by_sender(mail, context, entry, is_authenticated=is_authenticated)
    if not do_agree(proven):
        trust = Trust.LISTED if entry.person else Trust.STRANGER
        return _refused(mail, entry, trust, "It answers several of our mails that are about different duties.", "tokens_differ")
    return _by_token(mail, context, entry, proven, is_authenticated=is_authenticated)


def _vouched(mail: Mail, context: Context, entry: SenderEntry) -> Standing:
    """A person says for which parties the mail speaks: what the sender and their tokens are worth no longer matters.

    The mails of ours that a token names come first, then the others that asked these parties, newest first.
    """
    if SUB_COMMITTEE in context.vouched and SUB_COMMITTEE not in entry.as_contact:
        return _refused(mail, entry, Trust.STRANGER, NO_JUDGE, JUDGE_RULE)
    asking = [message for message in context.sent if any(item.party in context.vouched for item in message.items)]
    messages = tuple(sorted(asking, key=lambda message: message.id not in context.proven))
    duties = {(item.programme, item.round) for item in messages[0].items} if messages else set()
    same = tuple(message for message in messages if {(item.programme, item.round) for item in message.items} & duties)
    trust = Trust.LISTED if context.vouched & entry.as_contact else Trust.DEPUTY if context.vouched & entry.as_deputy else Trust.STRANGER
    sender = Sender(address=mail.sender or ", ".join(mail.from_addresses[:3]), trust=trust, person=entry.person)
    return Standing(sender=sender, parties=context.vouched, messages=same, rule="vouched")


def do_agree(messages: Collection[SentMessage]) -> bool:
    """Whether several messages are about one duty (decision 18).

    References of a reply to a reminder hold the request too. A person who stands for two parties is reminded of one of
    them alone once the other has answered; so a set that lies within another of the same recipient agrees with it.
    """
    duties = sorted(({(item.programme, item.round, item.party) for item in message.items} for message in messages), key=len)
    if all(one == duties[-1] for one in duties):
        return True
    return len({message.person for message in messages}) == 1 and all(one <= duties[-1] for one in duties)


def _by_token(mail: Mail, context: Context, entry: SenderEntry, proven: tuple[SentMessage, ...], *, is_authenticated: bool) -> Standing:
    asked = frozenset(item.party for message in proven for item in message.items)
    if SUB_COMMITTEE in asked and SUB_COMMITTEE not in entry.as_contact:
        return _refused(mail, entry, Trust.STRANGER, NO_JUDGE, f"token,{JUDGE_RULE}")
    trust, parties = _find_trust(mail, context, entry, asked)
    by_role = _of_role(context.rules, trust)
    handling = strictest(by_role, _of_authentication(context, is_authenticated=is_authenticated))
    if handling is Handling.HOLD:
        if trust is Trust.STRANGER and by_role is Handling.HOLD:
            return _refused(mail, entry, trust, "The sender is nobody that we know for this party.", "token,stranger")
        why = _HELD_ROLES[trust] if by_role is Handling.HOLD else _UNAUTHENTICATED
        return _refused(mail, entry, trust, why, f"token,{trust.value},{SENDERS_RULE}")
    duties = {(item.programme, item.round) for item in proven[0].items}
    same = (message for message in context.sent if {(item.programme, item.round) for item in message.items} & duties)
    messages = tuple(dict.fromkeys((*proven, *same)))
    return Standing(
        sender=Sender(address=mail.sender, trust=trust, person=entry.person, is_authenticated=is_authenticated),
        parties=parties,
        messages=messages,
        is_provisional=handling is Handling.PROVISIONAL,
        rule=f"token,{trust.value}",
    )


def _find_trust(mail: Mail, context: Context, entry: SenderEntry, asked: frozenset[str]) -> tuple[Trust, frozenset[str]]:
    if parties := entry.as_contact & asked:
        return Trust.LISTED, parties | (entry.as_deputy & asked)
    if parties := entry.as_deputy & asked:
        return Trust.DEPUTY, parties
    domain = mail.sender.rpartition("@")[2]
    if parties := frozenset(party for party in asked if domain in context.party_domains.get(party, frozenset())):
        return Trust.DOMAIN, parties
    return Trust.STRANGER, asked


def handle(context: Context, trust: Trust, *, is_authenticated: bool) -> Handling:
    """What the settings make of an answer of such a sender to a mail of ours."""
    return strictest(_of_role(context.rules, trust), _of_authentication(context, is_authenticated=is_authenticated))


def _of_role(rules: SenderRules, trust: Trust) -> Handling:
    by_role = {Trust.LISTED: rules.contact, Trust.DEPUTY: rules.deputy, Trust.DOMAIN: rules.same_domain}
    return by_role.get(trust, rules.stranger)


def _of_authentication(context: Context, *, is_authenticated: bool) -> Handling:
    """Where no server is configured to tell, there is nothing to authenticate with: a listed address with a token stands."""
    return context.rules.unauthenticated if context.trusted_authserv and not is_authenticated else Handling.APPLY


def _by_sender(mail: Mail, context: Context, entry: SenderEntry, *, is_authenticated: bool) -> Standing:
    """A known sender without a token, and exactly one open round of theirs: applied provisionally, unless the rules hold it.

    As a party's answer, that is: nobody's words are taken for the sub-committee's without the mail that asks for them.
    """
    parties = (entry.as_contact | entry.as_deputy) - {SUB_COMMITTEE}
    if not parties:
        trust = Trust.LISTED if entry.is_coordinator else Trust.STRANGER
        return _refused(mail, entry, trust, "It answers no mail of ours, and its sender reports for nobody.", "no_token")
    open_rounds = {(one.programme, one.round) for one in context.open_rounds}
    own = [message for message in context.sent if any(item.party in parties for item in message.items)]
    rounds = {(item.programme, item.round) for message in own for item in message.items} & open_rounds
    if len(rounds) != 1:
        why = "no open round has asked this sender for anything" if not rounds else "several open rounds ask this sender"
        return _refused(mail, entry, Trust.LISTED, f"It answers no mail of ours, and {why}.", "no_token")
    messages = tuple(message for message in own if {(item.programme, item.round) for item in message.items} <= rounds)
    trust = Trust.LISTED if entry.as_contact else Trust.DEPUTY
    untied = strictest(context.rules.no_token, _of_role(context.rules, trust))
    if untied is Handling.HOLD:
        return _refused(
            mail, entry, trust, "It answers no mail of ours, and such answers wait for the coordinator here.", f"no_token,{SENDERS_RULE}"
        )
    if _of_authentication(context, is_authenticated=is_authenticated) is Handling.HOLD:
        return _refused(mail, entry, trust, _UNAUTHENTICATED, f"no_token,{SENDERS_RULE}")
    return Standing(
        sender=Sender(address=mail.sender, trust=trust, person=entry.person, is_authenticated=is_authenticated),
        parties=parties,
        messages=messages,
        is_provisional=True,
        rule=f"sender,{trust.value}",
    )


def _refused(mail: Mail, entry: SenderEntry, trust: Trust, why: str, rule: str) -> Standing:
    sender = Sender(address=mail.sender or ", ".join(mail.from_addresses[:3]), trust=trust, person=entry.person)
    return Standing(sender=sender, rule=rule, refusal=why)
