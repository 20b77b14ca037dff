"""A tab that really lies behind another. Playwright tells every page that it is in front, so this speaks to Chromium itself."""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import FLAGS
from tests.pages.making import make, start
from wevion.accounts.models import Membership

POLLS = "performance.getEntriesByType('resource').filter(entry => entry.name.includes('v=')).length"
TURN_SECONDS = 6  # a little more than the five after which a panel in front asks again


class Tab:
    """One page, by the DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.numbers = count(1)

    async def call(self, method: str, **parameters: Any) -> Any:
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        async for message in self.socket:
            answer = json.loads(message.data)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
        raise AssertionError("Chromium ended the conversation")

    async def value(self, expression: str) -> Any:
        return (await self.call("Runtime.evaluate", expression=expression))["result"].get("value")

    async def until(self, expression: str) -> None:
        async with asyncio.timeout(30):
            while not await self.value(expression):
                await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[tuple[Tab, str]]:
    """Its first tab, and that tab's id."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    arguments = ["--headless=new", *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen([path, *arguments], stderr=subprocess.DEVNULL)
    try:
        announced = profile / "DevToolsActivePort"
        async with asyncio.timeout(60):
            while not announced.exists() or "\n" not in announced.read_text():
                await asyncio.sleep(0.05)
        place = f"http://127.0.0.1:{announced.read_text().splitlines()[0]}/json"
        async with aiohttp.ClientSession() as session:
            async with session.get(place) as answer:
                [tab] = [target for target in await answer.json() if target["type"] == "page"]
            async with session.ws_connect(tab["webSocketDebuggerUrl"]) as socket:
                yield Tab(socket), tab["id"]
    finally:
        process.kill()
        process.wait()


def test_a_hidden_tab_stops_asking_and_goes_on_when_it_is_shown(
    live_server: LiveServer, alice: Membership, client_of: Callable[[Membership], Client], tmp_path: Path
) -> None:
    start(make(alice, "a red boat"))
    cookie = client_of(alice).cookies[settings.SESSION_COOKIE_NAME].value
    asyncio.run(watched(live_server.url, cookie, tmp_path / "profile"))


async def watched(url: str, cookie: str, profile: Path) -> None:
    async with chromium(profile) as (tab, own):
        await tab.call("Network.setCookie", name=settings.SESSION_COOKIE_NAME, value=cookie, url=url)
        await tab.call("Page.navigate", url=f"{url}/creative-hub/jobs")
        await tab.until(f"{POLLS} > 0")
        behind = await tab.call("Target.createTarget", url="about:blank")
        await tab.until("document.hidden")
        before = await tab.value(POLLS)
        await asyncio.sleep(TURN_SECONDS)
        assert await tab.value(POLLS) == before
        await tab.call("Target.activateTarget", targetId=own)
        await tab.until(f"!document.hidden && {POLLS} > {before}")
        await tab.call("Target.closeTarget", targetId=behind["targetId"])
