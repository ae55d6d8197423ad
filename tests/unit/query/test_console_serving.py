"""The built web client as query serves it: files that may be kept, pages that may not, and a policy that nothing escapes."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from libs.service.problem_handlers import install_problem_handlers
from services.query.console import Console, ConsoleRoute

PAGE = '<meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/app-1.js"></script>'


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "app-1.js").write_bytes(b"plain")
    (tmp_path / "assets" / "app-1.js.br").write_bytes(b"brotli")
    (tmp_path / "assets" / "app-1.js.gz").write_bytes(b"gzip")
    return tmp_path


async def got(folder: Path, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    app = FastAPI()
    install_problem_handlers(app)
    app.router.routes.append(ConsoleRoute(Console(folder)))
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = {"Accept-Encoding": "identity", **names}
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
        client.stream(method, path, headers=asked) as response,
    ):
        body = b"".join([part async for part in response.aiter_raw()])  # as the made-up compressed files are none
        return httpx.Response(
            response.status_code,
            headers={name: value for name, value in response.headers.items() if name != "content-encoding"},
            content=body,
            extensions={"encoding": response.headers.get("content-encoding")},
        )


@pytest.mark.parametrize("path", ["/", "/tickets", "/tickets/0198-no-such", "/panel/new"])
async def test_every_path_that_is_no_file_is_a_page_with_a_nonce_of_its_own(build: Path, path: str) -> None:
    first, second = await got(build, path), await got(build, path)
    nonces = [re.findall(r'content="([^"]+)"', answer.text)[0] for answer in (first, second)]
    assert nonces[0] != nonces[1]
    assert f"'nonce-{nonces[0]}'" in first.headers["content-security-policy"]
    assert first.headers["cache-control"] == "no-cache"


async def test_the_policy_lets_no_script_run_but_ours(build: Path) -> None:
    policy = dict(part.split(" ", 1) for part in (await got(build, "/")).headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in " ".join(policy.values())
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


async def test_files_with_a_hash_are_kept_for_ever_in_the_smallest_form_that_is_taken(build: Path) -> None:
    answer = await got(build, "/assets/app-1.js", Accept_Encoding="gzip, br;q=0.9")
    assert (answer.content, answer.extensions["encoding"]) == (b"brotli", "br")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (await got(build, "/assets/app-1.js", Accept_Encoding="gzip")).content == b"gzip"
    assert (await got(build, "/assets/app-1.js")).content == b"plain"


async def test_a_file_that_has_not_changed_is_not_sent_again(build: Path) -> None:
    known = await got(build, "/favicon.svg")
    assert known.headers["content-type"] == "image/svg+xml"
    again = await got(build, "/favicon.svg", If_None_Match=known.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/assets/gone-2.js", "/assets/../index.html", "/robots.txt", "/.built-from", "/api/query/x"]
)
async def test_what_is_not_there_is_no_page(build: Path, path: str) -> None:
    (build / ".built-from").write_text("secret")
    answer = await got(build, path)
    assert answer.status_code == 404 or "csp-nonce" in answer.text
    assert b"secret" not in answer.content
    if path.startswith(("/api/", "/assets/g", "/robots")):
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_build_it_says_so(tmp_path: Path) -> None:
    answer = await got(tmp_path, "/tickets")
    assert answer.status_code == 503
    assert "make console" in answer.text
