"""What a text is found in: messages and subjects word by word, subjects and names by their parts, a ticket's number."""

from collections.abc import Iterator

from services.query.domain.orders import Request, State
from services.query.domain.search import Search, parts, pattern
from services.query.store.arguments import Arguments
from services.query.store.rows import AT

FEW_HITS = 100_000
"""Messages and names that are gone through; what is in more is looked for in the tickets of a list, in its order."""
LEAST_MANY_HITS, MANY_HITS = 2_000, 3 * FEW_HITS
"""By so many, as PostgreSQL's statistics have them, they are not counted first: that alone takes tenths of a second. Where
there are fewer messages, what is in every fifth of them is many: a page of it is soon found in any order.
"""


class Searching:
    """The parts of a list's statement that have to do with its `text`."""

    def __init__(self, request: Request, arguments: Arguments) -> None:
        assert request.filters.text is not None
        self._is_past = request.then is not None
        is_any = self._is_past or request.filters.state is State.ALL
        self._states = ["active", "closed"] if is_any else [request.filters.state.value]
        self._search = Search(request.filters.text)
        self._arguments = arguments

    def sources(self) -> Iterator[str]:
        """`searched` (one row: the words as a query, and whether they are nearly everywhere), `named` (ids of accounts and
        users), `hits` (ids of tickets).
        """
        # What only says what not to find, finds nothing: PostgreSQL would go through all that there is.
        words = "case when querytree(one.words) in ('', 'T') then null else one.words end"
        query = f"select {words} as words from (select {self._words()} as words) as one"  # noqa: S608 - our own
        estimated = f"hits_estimated(words, {self._parts if self._search.part else 'null'})"
        fifth = "(select c.reltuples / 5 from pg_class c where c.oid = 'messages'::regclass)"
        many = f"{estimated} > least({MANY_HITS}, greatest({LEAST_MANY_HITS}, {fifth})) as are_many"
        yield f"searched as materialized (select words, {many} from ({query}) as asked)"  # noqa: S608 - our own
        yield f"named as materialized ({self._named()})"
        hits = " union all ".join(f"({one} limit {FEW_HITS + 1})" for one in self._hits())
        yield f"hits as materialized (select h.id from ({hits}) h limit {FEW_HITS + 1})"  # noqa: S608

    def condition(self) -> str:
        """Whether a row of `t` is found; in the past, by the messages until then. Subjects and names are those of now."""
        in_subject = f" or m.subject like {self._pattern}" if self._search.part else ""
        in_message = f"m.words @@ (select s.words from searched s){in_subject}"  # noqa: S608 - our own expressions
        said = f" and m.at <= {AT}" if self._is_past else ""
        # Asked whether there is one (`exists`), PostgreSQL may read all messages that there are, to know it of any ticket.
        of_ticket = f"m.ticket_id = t.id{said} and ({in_message})"
        found = [f"(select true from messages m where {of_ticket} limit 1)"]  # noqa: S608 - our own expressions
        if self._search.part:
            found += ["t.account_id in (select n.id from named n)", "t.user_id in (select n.id from named n)"]
        if self._search.number is not None:
            found.append(f"t.number = {self._number}")
        return f"({' or '.join(found)})" + (f" and {_AMONG_HITS}" if self._is_past else "")

    def count(self) -> str:
        counted = f"case when s.are_many then {2**62} else (select count(*) from hits) end"  # noqa: S608 - our own
        return f"select {counted} as found from searched s"  # noqa: S608 - our own expressions

    def rows(self) -> str:
        """The tickets that are hits. PostgreSQL takes them for a few, and would read names for each: hence the limit."""
        found = "(select distinct h.id from hits h) h"
        one = "select {columns} from tickets t where t.id = h.id limit 1"
        return f"select {{columns}} from {found}, lateral ({one}) t limit {FEW_HITS + 1}"  # noqa: S608 - our own

    def _words(self) -> str:
        """The whole text, or what is before the last word together with words that begin like that."""
        whole = f"websearch_to_tsquery('helpdesk', {self._arguments.once('text', self._search.words, 'text')})"
        if self._search.head is None:
            return whole
        head = self._arguments.once("head", self._search.head, "text")
        last = self._arguments.once("last", f"'{self._search.last}':*", "text")
        stems = self._arguments.once("stems", " | ".join(f"'{stem}'" for stem in self._search.stems), "text")
        begun = f"to_tsquery('helpdesk', {last}) || to_tsquery('simple', {stems})"
        return f"{whole} || (websearch_to_tsquery('helpdesk', {head}) && ({begun}))"

    def _named(self) -> str:
        if not self._search.part:
            return "select null::uuid as id where false"
        like = f"parts @> {self._parts} and folded like {self._pattern}"
        return f"select id from accounts where {like} union all select id from names where kind = 'user' and {like}"  # noqa: S608

    def _hits(self) -> Iterator[str]:
        yield f"select m.ticket_id as id from messages m where {_FEW} and m.words @@ (select s.words from searched s)"  # noqa: S608
        if self._search.part:
            like = f"m.parts @> {self._parts} and m.subject like {self._pattern}"
            yield f"select m.ticket_id as id from messages m where {_FEW} and m.subject is not null and {like}"  # noqa: S608
            for column in ("account_id", "user_id"):
                yield from (self._of_named(column, state) for state in self._states)
        if self._search.number is not None:
            yield f"select t.id from tickets t where t.number = {self._number}"  # noqa: S608 - our own expressions

    def _of_named(self, column: str, state: str) -> str:
        rows = f"select t.id from tickets t where t.{column} between n.id and n.id and t.state = '{state}'"  # noqa: S608
        return f"select t.id from named n, lateral ({rows} order by t.{column}, t.number limit {FEW_HITS + 1}) t"  # noqa: S608

    @property
    def _pattern(self) -> str:
        return self._arguments.once("pattern", pattern(self._search.part), "text")

    @property
    def _parts(self) -> str:
        return self._arguments.once("parts", parts(self._search.part), "integer[]")

    @property
    def _number(self) -> str:
        return self._arguments.once("ticket", self._search.number, "bigint")


_FEW = "not (select s.are_many from searched s)"
TOO_MANY = f"((select s.are_many from searched s) or (select count(*) from hits) > {FEW_HITS})"  # noqa: S608
"""Whether `hits` are not all that there are."""
# Of the past there are no other few tickets than these to be gone through.
_AMONG_HITS = f"({TOO_MANY} or t.id in (select h.id from hits h))"  # noqa: S608 - our own expressions
