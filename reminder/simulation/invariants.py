"""The invariants by id: the sentence that a failure prints, and what is checked here, in part or not at all, and why."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "O1": "Every mail that the relay took stands in the outbox, byte for byte.",
    "O2": "At rest every mail of the outbox is final, and one is accepted if and only if the relay took it.",
    "O3": "Each step of each party ends once for each person: as one mail or as one recorded skip.",
    "O4": "A mail is taken again only where the relay's answer was lost, and at most twice more.",
    "O5": "All copies of a mail that the relay took are byte-identical.",
    "O6": "No mail leaves before its time, and no schedule mail outside of the sending window.",
    "O7": "No mail leaves after its time has passed, nor a reminder after everything it asks for was recorded.",
    "O8": "The limits of what one person gets are kept, whatever happens.",
    "O9": "Attempts of a mail keep their distance, and no two workers hold it at once.",
    "O10": "A mail that was refused for good is never tried again.",
    "O11": "Trouble with the relay makes no mail fail.",
    "O12": "Every mail that the relay took reads back as it was meant.",
    "I1": "Every mail that could be seen is stored once and comes to an end.",
    "I2": "A mail has its effect once: one entry an action, one acknowledgement a person.",
    "I3": "No mail leaves the inbox before its bytes are stored.",
    "I4": "What is recorded in the end follows from the set of replies alone, the latest received first.",
    "I5": "Nobody's silence is an opinion: every recorded light was written by its sender.",
    "I6": "A mail that breaks the reader changes nothing but its own row.",
    "I7": "Every recorded value names its mail, its sender and the rule that took it.",
    "I8": "No automatic answer goes to an automatic mail, to a stranger or to ourselves.",
    "I9": "A reply after the close is kept and changes nothing.",
    "X1": "Nothing changes by a mail that may not change it.",
    "X2": "What a party says changes no action of another party.",
    "X3": "No secret and no address stands in the log or on the public page.",
    "X4": "The public page holds no markup that came from a mail.",
    "X5": "No file is written outside of its folder.",
    "T1": "Each step is of the day that the calendar says, and each mail that asks names the right deadline.",
    "T2": "A clock that jumps brings no step a second time, and one mail to catch up instead of many.",
    "T3": "Whether a reply is late follows from the time of its receipt and the deadline alone.",
    "T4": "A crash or an outage that is over in time leaves the same steps and the same answers as none.",
    "R1": "After any crash the service starts again without help, and its database is whole.",
    "R2": "The files in force are always sound ones, and each broken edit is told of once.",
    "R3": "Two workers on one database keep all the other promises.",
    "R4": "What a digest lists as missing is what nobody had answered by then.",
    "R5": "With everything healthy for a day the queue is empty and the mailbox is read.",
    "R6": "A database with a limit stays within it: new mail waits on the server, and what is due goes out.",
    "R7": "History only grows: no entry is changed or lost.",
    "R8": "After an older copy was put back, nothing that had gone out goes out again.",
}
"""The invariants that are checked."""

IN_PART: Mapping[str, str] = {
    "O8": "mails to a person and acknowledgements to an address; the limits in all and from one sender are never reached here",
    "O9": "the distance between talks of a mail and the growth of its lease epochs",
    "X1": "replies and strangers; commands and codes of the coordinator are not part of the town",
    "X5": "the names of the published files; links and folders of a real disk are tests/edges/test_site.py",
    "T1": "one round over the change to summer time; other years and holidays are golden tables in tests/plan and tests/configuration",
    "R4": "not in seeds in which the clock jumps",
    "T2": "through O3 and O8, in the seeds in which the clock jumps",
    "R3": "two workers, the second inside a talk of the first; PostgreSQL and processes are tests/store and tests/crash",
    "R6": "a story of its own, `recovering.run_full`: a round in a database that is too small for it",
    "R8": "a story of its own, `recovering.run_restore`: a copy, some days, a restore, arming",
    "R5": "the queue and the last poll; the health command belongs to a layer beside this one",
}
"""What of them is left out."""
