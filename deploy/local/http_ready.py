import httpx

_SECONDS = 5.0


async def answers(url: str) -> bool:
    """Answer whether a GET of the URL gives 200."""
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
