"""What stories are drawn from.

An act is a tuple: what is done, by whom, and how. Most of who is drawn is somebody who may: `1st` is the first of those,
whoever that is by then.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

STAFF = ("Olga", "Mia", "Ann", "Ben", "Hal", "Obi")
CLIENTS = ("Carl", "Cora", "Dora")
OUTSIDE = (*CLIENTS, "Mia as Carl")
ALL = (*STAFF, *OUTSIDE, "Monitor")
ABLE = ("1st", "2nd", "3rd", "4th")

Act = tuple[Any, ...]

who = st.sampled_from(ABLE * 6 + ALL)
user = st.sampled_from(ABLE[:3] * 4 + OUTSIDE)
said = st.sampled_from(("Hello", "It is broken", "Any news?", "Try again", "*Thanks*", "Größe: 5 µm"))
urgency = st.sampled_from(("high", "medium", "low"))
category = st.sampled_from(("Mail", "Mail", "Disk", "Disk", "Page", "Misc", "Server"))
department = st.sampled_from(("Phone", "Desk", "Phone", "Desk", "Web", "Nowhere"))
given = st.sampled_from(("right",) * 6 + ("stale", "none"))
block = st.sampled_from(("own", "own", "own", "own", "old", "none"))
"""Whose token: of the last block that somebody had, of the one before, or none."""
seconds = st.sampled_from((0.5, 20, 61, 89, 90, 91, 300, 1500, 1800, 2400, 3600, 7200))
later = st.sampled_from((0,) * 8) | seconds
"""How long nothing happens before something does."""
edits = st.fixed_dictionaries(
    {},
    optional={
        "subject": said,
        "category": category,
        "urgency": urgency,
        "tags": st.sampled_from(((), ("imap",), ("dns", "imap"))),
        "project": st.sampled_from((None, 0, 1)),
    },
)


def act(what: str, *how: SearchStrategy[Any]) -> SearchStrategy[Act]:
    return st.tuples(st.just(what), *how)


def weighted(*acts: tuple[int, SearchStrategy[Act]]) -> SearchStrategy[Act]:
    return st.sampled_from([one for weight, one in acts for _ in range(weight)]).flatmap(lambda one: one)


close = st.sampled_from((False, False, False, True))
client = st.sampled_from(CLIENTS)
writing = weighted(
    (5, act("answer", who, said, close)),
    (4, act("send", who, said, block, close)),
    (3, act("note", who, said, block)),
    (2, act("save_draft", who, said)),
    (1, act("discard_draft", who)),
    (4, act("block", who)),
    (2, act("renew", who, block)),
    (1, act("release", who, block)),
    (1, act("unblock", who)),
    (2, act("read", who)),
)
handling = weighted(
    (4, act("edit", who, given, edits)),
    (2, act("take", who, given)),
    (3, act("assign", who, given, st.sampled_from((None, *STAFF)))),
    (4, act("transfer", who, given, department)),
    (1, act("close", who)),
    (1, act("reopen", who)),
)
outside = weighted(
    (6, act("reply", user, said)),
    (3, act("read_as", user)),
    (1, act("close_as", user) | act("reopen_as", user)),
    (3, act("rate", user, st.integers(0, 9), st.integers(1, 5))),
)
submitting = weighted(
    (2, act("submit", client, category, urgency, said)),
    (2, act("submit_for", st.sampled_from((*ABLE, "Obi", "Monitor", "Mia as Carl")), client, category, urgency, said)),
)
many = act(
    "do_to_many",
    who,
    st.sampled_from(("unblock", "close", "assign", "transfer", "delete")),
    st.sampled_from((None, *STAFF)),
    st.integers(1, 4),
)
again = act("send_again", st.integers(0, 99), st.booleans())
people = weighted(
    (4, act("judge", st.integers(0, 1), st.sampled_from(("good", "neutral", "bad")))),
    (2, act("enable", st.sampled_from((*CLIENTS, "Ann", "Ben")))),
    (4, act("move", st.sampled_from(("Mia", "Ann", "Ben", "Hal", "Obi")), st.sampled_from(("Phone", "Desk", "Web")))),
)
deleting = act("delete", who)

MOODS = {
    "ordinary": weighted(
        (9, writing), (7, handling), (8, outside), (3, submitting), (2, many), (2, again), (2, people), (1, deleting)
    ),
    "much is written": weighted((9, writing), (6, outside), (1, submitting), (1, again)),
    "much is handled": weighted((4, writing), (9, handling), (3, outside), (1, submitting), (3, many), (5, people)),
    "little is as usual": weighted(
        (2, writing), (2, handling), (2, outside), (1, submitting), (2, many), (2, again), (3, people), (2, deleting)
    ),
}
"""What happens how often, in different stories."""
