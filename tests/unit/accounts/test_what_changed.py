"""What an event changed."""

from libs.events.changes import changes


def test_only_what_is_not_what_it_was_is_told() -> None:
    before = {"name": "Acme", "attitude": "good", "services": []}
    after = {"name": "Acme", "attitude": "bad", "services": [{"product_type": "vps", "price": "5"}]}
    assert changes(before, after) == [
        {"field": "attitude", "before": "good", "after": "bad"},
        {"field": "services", "before": [], "after": [{"product_type": "vps", "price": "5"}]},
    ]


def test_at_its_beginning_all_that_is_known_is_told() -> None:
    assert changes(None, {"name": "Acme", "comment": None}) == [{"field": "name", "before": None, "after": "Acme"}]


def test_a_fact_that_was_not_told_of_yet_has_not_changed_while_there_is_none() -> None:
    assert changes({"name": "Acme"}, {"name": "Acme", "external_id": None}) == []


def test_a_fact_that_is_taken_away_is_told() -> None:
    assert changes({"comment": "x"}, {"comment": None}) == [{"field": "comment", "before": "x", "after": None}]
