"""The dialog in a real browser: headless Chromium, without a script on the page."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.sandbox import chromium
from tests.sandbox.asking import Asker, landed
from tui.sandbox import RunningSandbox

pytestmark = pytest.mark.skipif(not chromium.FOUND, reason="no Chromium on this machine")


def render(address: str, folder: Path, *more: str) -> str:
    """The page as Chromium built it; started again where Chromium itself was ended by a signal, as by a crash."""
    for attempt in range(3):
        profile = f"--user-data-dir={folder / f'profile-{attempt}'}"
        command = [chromium.FOUND, *chromium.FLAGS, profile, *more, "--dump-dom", address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
        if done.returncode >= 0:
            break
    done.check_returncode()
    return done.stdout


class Landing:
    """A page of the person's own machine that the dialog sends the browser back to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        landing = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                landing.seen.append(self.path)
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(b"<p id='arrived'>arrived</p>")

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def landing() -> Iterator[Landing]:
    landing = Landing()
    yield landing
    landing.server.shutdown()
    landing.server.server_close()


def address(ask: Asker, **parameters: str) -> str:
    asked = {"client_id": ask.world.app_id, "redirect_uri": ask.world.redirect_uri, "state": "s", **parameters}
    return f"{ask.sandbox.dialog_url}/v26.0/dialog/oauth?{urlencode(asked)}"


def test_a_real_browser_renders_the_dialog(ask: Asker, tmp_path: Path) -> None:
    picture = tmp_path / "dialog.png"
    page = address(ask, scope="instagram_basic,pages_show_list", **{"as": "dana"})
    dom = render(page, tmp_path, f"--screenshot={picture}", "--window-size=480,900")
    assert "Continue as Dana Whitfield" in dom
    assert dom.count('type="checkbox"') == 2 + 5
    assert picture.stat().st_size > 5_000


def test_a_real_browser_follows_the_redirect(ask: Asker, tmp_path: Path, landing: Landing) -> None:
    back = f"http://localhost:{landing.port}/"
    dom = render(address(ask, redirect_uri=back, decision="allow", **{"as": "dana"}), tmp_path)
    assert "arrived" in dom
    arrived = next(path for path in landing.seen if "code=" in path)
    assert "#" not in arrived
    code = arrived.split("code=", 1)[1].split("&", 1)[0]
    assert ask.redeem(code, redirect_uri=back)["access_token"]


def test_an_error_page_stays_in_the_browser(ask: Asker, tmp_path: Path, landing: Landing) -> None:
    dom = render(address(ask, redirect_uri=f"http://127.0.0.1:{landing.port}/"), tmp_path)
    assert "URL Blocked" in dom
    assert landing.seen == []


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[chromium.Chromium]:
    browser = chromium.Chromium(tmp_path)
    yield browser
    browser.close()


def arrival(browser: chromium.Chromium, landing: Landing) -> dict[str, str]:
    browser.wait_for("document.querySelector('#arrived')")
    assert browser.ask("location.hash") == "#_=_"
    return landed(next(path for path in landing.seen if "state=" in path))


def test_a_login_is_clicked_through_with_the_mouse(ask: Asker, browser: chromium.Chromium, landing: Landing) -> None:
    back = f"http://localhost:{landing.port}/"
    # The dialog must work where scripts are switched off.
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(address(ask, redirect_uri=back, scope="email,pages_show_list"))
    browser.click('button[value="dana"]')
    browser.click('input[name="allow"][value="email"]')
    browser.click('input[name="page"][value="outdoor"]')
    browser.click('button[value="allow"]')
    code = arrival(browser, landing)["code"]
    token = ask.redeem(code, redirect_uri=back)["access_token"]
    rows = ask.ok("me/permissions", access_token=token)["data"]
    assert {"permission": "email", "status": "declined"} in rows
    pages = [row["name"] for row in ask.ok("me/accounts", access_token=token)["data"]]
    assert "Acme Coffee Roasters" in pages
    assert "Acme Outdoor" not in pages


def test_a_login_is_declined_with_the_mouse(ask: Asker, browser: chromium.Chromium, landing: Landing) -> None:
    browser.open(address(ask, redirect_uri=f"http://localhost:{landing.port}/", **{"as": "dana"}))
    browser.click('button[value="deny"]')
    assert arrival(browser, landing)["error"] == "access_denied"


def test_a_person_without_a_role_stays_on_the_error_page(
    ask: Asker, browser: chromium.Chromium, landing: Landing
) -> None:
    browser.open(address(ask, redirect_uri=f"http://localhost:{landing.port}/"))
    browser.click('button[value="tom"]')
    browser.wait_for("document.body.innerText.includes('App not active')")
    assert landing.seen == []


def test_a_device_code_is_entered_and_allowed(sandbox: RunningSandbox, browser: chromium.Chromium) -> None:
    ask = Asker(sandbox)
    token = f"{sandbox.app_id}|{sandbox.world.client_token}"
    device = ask.post("device/login", access_token=token, scope="public_profile").json()
    browser.open(device["verification_uri"])
    browser.click('input[name="user_code"]')
    browser.send("Input.insertText", text=device["user_code"].lower())
    browser.click("button")
    browser.click('button[value="allow"]')
    browser.wait_for("document.body.innerText.includes('Success!')")
    done = ask.post("device/login_status", access_token=token, code=device["code"]).json()
    assert ask.inspect(done["access_token"])["is_valid"]


def test_the_dialog_follows_the_color_scheme(ask: Asker, browser: chromium.Chromium) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(address(ask, **{"as": "dana"}))
        browser.wait_for("document.querySelector('button[value=allow]')")
        seen.add(browser.ask("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2
