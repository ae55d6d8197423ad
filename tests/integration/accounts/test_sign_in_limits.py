"""Failed sign-ins are counted by e-mail address and by network address."""

import asyncio

from tests.integration.accounts.accounts_world import EMAIL, StartWorld, World

WRONG = "not the password"


async def statuses(world: World, times: int, email: str = EMAIL, password: str = WRONG) -> list[int]:
    return [(await world.sign_in(email, password)).status_code for _ in range(times)]


async def test_too_many_failures_for_an_address_close_it_for_the_window(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=3, sign_in_window_seconds=60) as world:
        assert await statuses(world, 3) == [401] * 3
        world.clock.advance(20)
        refused = await world.sign_in()
        assert refused.status_code == 429, "though it is the right password"
        assert refused.headers["Retry-After"] == "40"
        world.clock.advance(40)
        assert (await world.sign_in()).status_code == 200


async def test_a_closed_address_costs_no_hashing(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=1) as world:
        await statuses(world, 1)
        world.hasher.verified = 0
        assert await statuses(world, 3) == [429] * 3
        assert world.hasher.verified == 0


async def test_letter_case_is_no_way_around(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=2) as world:
        await statuses(world, 2)
        assert await statuses(world, 1, EMAIL.upper()) == [429]


async def test_unknown_addresses_are_closed_as_known_ones_are(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=2) as world:
        assert await statuses(world, 3, "nobody@example.com") == [401, 401, 429]


async def test_other_people_are_not_closed_out(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=1) as world:
        await statuses(world, 2, "nobody@example.com")
        assert (await world.sign_in()).status_code == 200


async def test_failures_from_one_network_address_are_counted_whoever_is_asked_for(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_address=3) as world:
        for number in range(3):
            assert (await world.sign_in(f"{number}@example.com", WRONG)).status_code == 401
        assert (await world.sign_in()).status_code == 429
        assert (await world.sign_in(address="192.0.2.2")).status_code == 200


async def test_an_ipv6_network_counts_as_one_address(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_address=1) as world:
        assert (await world.sign_in("a@example.com", WRONG, "2001:db8::1")).status_code == 401
        assert (await world.sign_in("b@example.com", WRONG, "2001:db8::ffff:2")).status_code == 429
        assert (await world.sign_in("c@example.com", WRONG, "2001:db8:0:1::1")).status_code == 401


async def test_sign_ins_that_succeed_do_not_count(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=2, sign_in_failures_per_address=2) as world:
        for _ in range(5):
            assert (await world.sign_in()).status_code == 200
        assert await statuses(world, 3) == [401, 401, 429]


async def test_many_at_once_gain_nothing(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=3) as world:
        answers = await asyncio.gather(*(world.sign_in(password=WRONG) for _ in range(12)))
        assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 9


async def test_guessing_keys_of_systems_is_counted_too(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_address=2) as world:
        answers = [(await world.exchange("hdk_guess")).status_code for _ in range(3)]
        assert answers == [401, 401, 429]


async def test_replicas_count_together(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=2) as one, start_world(sign_in_failures_per_email=2) as other:
        assert await statuses(one, 1) + await statuses(other, 1) == [401, 401]
        assert await statuses(one, 1) + await statuses(other, 1) == [429, 429]


async def test_windows_that_are_over_are_forgotten(start_world: StartWorld) -> None:
    async with start_world() as world:
        await statuses(world, 1)
        assert await world.pool.fetchval("select count(*) from sign_in_failures") == 2
        world.clock.advance(301)
        await world.runtime.sign_in.limits.forget()
        assert await world.pool.fetchval("select count(*) from sign_in_failures") == 0
