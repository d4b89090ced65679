"""The floor of a refresh: what a person would write, another library's client in a loop.

`python -m tests.bench.floors.loop GRAPH_URL APP_ID APP_SECRET` reads tokens from stdin, one a line, and does for each
what a refresh does: inspect, exchange, inspect the result.
"""

import asyncio
import sys

import httpx
from httpx_oauth.oauth2 import OAuth2


async def refresh_each(graph_url: str, app_id: str, app_secret: str, tokens: list[str]) -> None:
    """Refresh one token after the other over one connection."""
    address = f"{graph_url}/v26.0/oauth/access_token"
    client = OAuth2(app_id, app_secret, f"{graph_url}/v26.0/dialog/oauth", address)
    async with httpx.AsyncClient() as connection:

        async def inspect(token: str) -> None:
            query = {"input_token": token, "access_token": f"{app_id}|{app_secret}"}
            (await connection.get(f"{graph_url}/v26.0/debug_token", params=query)).raise_for_status()

        for token in tokens:
            await inspect(token)
            async with client.get_httpx_client() as httpx_oauths_own:
                form = {
                    "grant_type": "fb_exchange_token",
                    "client_id": app_id,
                    "client_secret": app_secret,
                    "fb_exchange_token": token,
                }
                answer = await httpx_oauths_own.get(address, params=form)
            await inspect(answer.raise_for_status().json()["access_token"])


if __name__ == "__main__":
    asyncio.run(refresh_each(sys.argv[1], sys.argv[2], sys.argv[3], sys.stdin.read().split()))
