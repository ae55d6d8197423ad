"""What is new of what a billing system says."""

from itertools import count
from typing import Any
from uuid import UUID

import pytest

from libs.service.problems import Invalid, Problem
from services.accounts.domain.upserts import (
    AccountUpsert,
    Done,
    Known,
    Upsert,
    Upserts,
    UserUpsert,
    emails,
    external_ids,
)
from services.accounts.problems import EmailTaken

GROUP, OTHER = UUID(int=100), UUID(int=101)


def upserts(**known: Any) -> Upserts:
    ids = count(1)
    return Upserts(Known(**known), lambda: UUID(int=next(ids)))


def account(
    external_id: str = "1", *users: Upsert, named: dict[str, str] | None = None, **fields: Any
) -> AccountUpsert:
    return AccountUpsert(external_id, fields, named or {}, [one for one in users if isinstance(one, UserUpsert)])


def user(external_id: str = "u1", account: str | None = None, **fields: Any) -> UserUpsert:
    return UserUpsert(external_id, fields, account)


def jane(**fields: Any) -> UserUpsert:
    return user(**{"name": "Jane", "email": "jane@example.com", **fields})


def refused(taking: Upserts, line: Upsert) -> list[str]:
    """Where a line is wrong; nothing is left of it."""
    before = [(held.external_id, list(held.events)) for held in taking.changed]
    with pytest.raises(Problem) as caught:
        taking.take(line)
    assert [(held.external_id, list(held.events)) for held in taking.changed] == before
    return [error["pointer"] for error in caught.value.members["errors"]]


def told(taking: Upserts) -> list[list[str]]:
    return [[event.TYPE for event in held.events] for held in taking.changed]


def test_what_is_not_there_is_created_with_its_users() -> None:
    taking = upserts()
    result = taking.take(account("1", jane(), name="Acme"))
    assert (result.done, [one.done for one in result.users]) == (Done.CREATED, [Done.CREATED])
    assert told(taking) == [["account.created.v1"], ["user.created.v1"]]


def test_the_same_again_is_nothing_new() -> None:
    taking = upserts()
    taking.take(account("1", jane(), name="Acme"))
    result = taking.take(account("1", jane(), name="Acme"))
    assert (result.done, [one.done for one in result.users]) == (Done.UNCHANGED, [Done.UNCHANGED])
    assert told(taking) == [["account.created.v1"], ["user.created.v1"]]


def test_what_is_left_out_stays_as_it_is() -> None:
    taking = upserts()
    taking.take(account(name="Acme", comment="x", services=[{"product_type": "vps", "price": "5"}]))
    assert taking.take(account(comment=None)).done is Done.CHANGED
    (held,) = taking.changed
    assert held.facts is not None
    assert held.facts.model_dump(include={"name", "comment", "expenses"}) == {
        "name": "Acme",
        "comment": None,
        "expenses": 5,
    }


def test_what_is_new_needs_a_name_and_a_person_an_address() -> None:
    assert refused(upserts(), account(comment="x")) == ["/name"]
    assert refused(upserts(), account("1", user(), name="Acme")) == ["/users/0/name", "/users/0/email"]


def test_a_line_with_one_bad_user_is_refused_whole() -> None:
    taking = upserts(people={"taken@example.com": UUID(int=99)})
    line = account("1", jane(), user("u2", name="T", email="Taken@Example.com"), name="Acme")
    assert refused(taking, line) == ["/users/1/email"]
    assert taking.take(account("2", jane(), name="Bolt")).done is Done.CREATED, "Jane's address was not reserved"


def test_two_new_people_cannot_have_one_address() -> None:
    taking = upserts()
    taking.take(account("1", jane(), name="Acme"))
    with pytest.raises(EmailTaken):
        taking.take(user("u2", "1", name="Joan", email="JANE@example.com"))


def test_an_address_that_is_given_up_is_free_for_the_next() -> None:
    taking = upserts()
    taking.take(account("1", jane(), name="Acme"))
    line = account("1", user("u1", email="new@example.com"), user("u2", name="Joan", email="jane@example.com"))
    assert [one.done for one in taking.take(line).users] == [Done.CHANGED, Done.CREATED]


def test_a_user_alone_needs_an_account_that_is_there_and_stays_in_it() -> None:
    taking = upserts()
    assert refused(taking, jane(account="1")) == ["/account"]
    taking.take(account("1", jane(), name="Acme"))
    taking.take(account("2", name="Bolt"))
    assert taking.take(jane(account="1")).done is Done.UNCHANGED
    assert refused(taking, jane(account="2")) == ["/external_id"]
    assert refused(taking, account("2", jane())) == ["/users/0/external_id"]


def test_groups_are_told_by_id_or_by_a_name_that_only_one_has() -> None:
    named = {("group", "Key"): [GROUP], ("group", "Twice"): [GROUP, OTHER]}
    taking = upserts(named=named, ids=frozenset({GROUP}))
    taking.take(account(name="Acme", named={"group": "Key"}))
    assert taking.take(account(group_id=GROUP)).done is Done.UNCHANGED
    assert refused(taking, account(named={"group": "Twice"})) == ["/group"]
    assert refused(taking, account(named={"group": "None"})) == ["/group"]
    assert refused(taking, account(named={"project": "Key"})) == ["/project"]
    assert refused(taking, account(group_id=OTHER)) == ["/group_id"]
    assert taking.take(account(group_id=None)).done is Done.CHANGED


def test_all_that_lines_name_is_known_before_they_are_taken() -> None:
    lines: list[Upsert] = [account("1", jane()), user("u2", "2", email="JOAN@example.com"), user("u3", "3")]
    assert set(external_ids(lines)) == {
        ("account", "1"),
        ("user", "u1"),
        ("user", "u2"),
        ("account", "2"),
        ("user", "u3"),
        ("account", "3"),
    }
    assert set(emails(lines)) == {"jane@example.com", "joan@example.com"}


def test_a_problem_says_where_a_value_is_wrong_and_not_which() -> None:
    with pytest.raises(Invalid) as caught:
        upserts().take(user("u1", "secret account", name="x", email="x@example.com"))
    assert "secret account" not in str(caught.value.body())
