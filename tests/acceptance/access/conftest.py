import pytest

from tests.acceptance.access.world import World, peopled
from tests.infrastructure.product import Product


@pytest.fixture
async def world(product: Product) -> World:
    return await peopled(product)
