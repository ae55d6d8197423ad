from libs.events.waiting import Interval


def test_an_interval_is_over_at_first_and_then_only_now_and_then() -> None:
    now = [100.0]
    interval = Interval(5, lambda: now[0])
    assert interval.is_over()
    now[0] = 104.9
    assert not interval.is_over()
    now[0] = 105
    assert interval.is_over()
    assert not interval.is_over()
