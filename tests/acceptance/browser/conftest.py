"""The product with its console, and browsers to meet it with: Debian's Chromium, or whichever is installed."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.console import build, node, packages
from deploy.local.stack import SERVICES
from tests.acceptance.browser.visitor import Visitor
from tests.infrastructure.fixtures import ServiceDatabases
from tests.infrastructure.ports import free_port
from tests.infrastructure.product import Product, running_product
from tests.infrastructure.servers import PostgresServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NewVisitor = Callable[..., Awaitable[Visitor]]


def installed_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def built_console() -> None:
    """The console as it is now; skips where it cannot be built."""
    try:
        build.build()
        packages.install(node.find(), checks=True)
    except node.NodeError as error:
        pytest.skip(f"no console to look at: {error}")


@pytest.fixture(scope="session")
async def browser(built_console: None) -> AsyncIterator[Browser]:  # noqa: ARG001 - what is looked at
    found = installed_browser()
    if found is None:
        pytest.skip("no Chromium is installed here (Debian's package: chromium)")
    async with async_playwright() as playwright:
        # As root, as in a container, Chromium has no sandbox; what it visits is ours alone.
        launched = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture
def mail_port() -> int:
    """Where the product takes mail in, by LMTP."""
    return free_port()


@pytest.fixture
async def product(
    browser: Browser,  # noqa: ARG001 - without one there is nothing to start the product for
    service_databases: ServiceDatabases,
    postgres_server: PostgresServer,
    nats_url: str,
    tmp_path: Path,
    mail_port: int,
) -> AsyncIterator[Product]:
    await service_databases(*SERVICES)
    dsn = postgres_server.dsn()
    attachments = tmp_path / "attachments"
    async with running_product(dsn, nats_url, attachments, secure_cookies=False, mail_listen_port=mail_port) as product:
        yield product


@pytest.fixture
async def visit(browser: Browser, product: Product) -> AsyncIterator[NewVisitor]:
    """Make somebody with a browser of their own; options are those of a Playwright context."""
    async with AsyncExitStack() as left:
        visitors: list[Visitor] = []

        async def begin(**options: Any) -> Visitor:
            context = await browser.new_context(
                **{"locale": "en-GB", "viewport": {"width": 1440, "height": 900}} | options
            )
            left.push_async_callback(context.close)
            visitors.append(Visitor(await context.new_page(), product.url))
            return visitors[-1]

        yield begin
        for visitor in visitors:
            assert visitor.errors == []
