"""One number for the properties of a few values."""

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from services.query.domain.kinds import ATTITUDES, CHANNELS, URGENCIES, kinds, narrows
from services.query.domain.orders import Filters
from services.query.domain.sight import UNPLACED


def test_all_values_there_are_have_a_place() -> None:
    assert {*ATTITUDES} == {*Attitude, None}
    assert {*URGENCIES} == {*Urgency}
    assert {*CHANNELS} == {*Channel}


def test_each_combination_is_a_kind_of_its_own() -> None:
    everything = kinds(Filters())
    assert everything == list(range(len(ATTITUDES) * len(URGENCIES) * len(CHANNELS) * 4))
    assert not narrows(Filters())


def test_filters_divide_the_kinds() -> None:
    halves = [set(kinds(Filters(unread=unread))) for unread in (False, True)]
    assert halves[0] | halves[1] == set(kinds(Filters()))
    assert not halves[0] & halves[1]
    one = Filters(attitude=("good",), urgency=("high",), channel=("email",), unread=True, responsible_id=(UNPLACED,))
    assert len(kinds(one)) == 1
    assert narrows(one)
