"""The Tokens screen: what expires first is on top, counts down, is refreshed and copied by one key."""

import re
from dataclasses import replace
from functools import partial

import pytest
from textual.widgets import Input

from tests.screens.driving import NOON, Person, add, opened, standing_clock
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.screens.messages import BoardChanged, WorkChanged
from tui.services import Services
from tui.tokens.token import DAY, Token
from tui.vault.vault import open_vault
from tui.wording.token_work import inspected

ALL_STATES = ("page_never", "user_expired", "user_long", "user_due", "user_password_changed")


async def test_the_next_to_expire_is_selected_and_unusable_ones_last(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=ALL_STATES) as person:
        assert person.names[:3] == ["user_due", "user_long", "page_never"]
        assert set(person.names[3:]) == {"user_expired", "user_password_changed"}
        assert person.selected == "user_due"
        heading = next(place for place, line in enumerate(person.lines) if "unusable (2)" in line)
        rows = {name: person.lines.index(person.row(name)) for name in person.names}
        assert max(rows[name] for name in person.names[:3]) < heading < min(rows[name] for name in person.names[3:])
        assert "2 need login" in person.lines[-2]


async def test_the_next_to_expire_is_selected_after_a_late_check(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=("page_never", "user_due", "user_expired"), asked=False) as person:
        await person.wait_for(lambda: person.names == ["user_due", "page_never", "user_expired"])
        await person.wait_for(lambda: not person.table._busy)
        assert person.selected == "user_due"
        await person.wait_for("user_due, a user token of")


async def test_a_state_has_a_sign_and_a_word(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=ALL_STATES) as person:
        for name, shown in (
            ("user_due", "◐ due"),
            ("user_long", "● valid"),
            ("user_expired", "× expired"),
            ("user_password_changed", "! invalid"),
        ):
            assert person.row(name).strip().startswith(shown)


async def test_the_countdown_moves_with_the_clock_by_the_second(frozen_facebook: RunningSandbox) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=("user_due",), clock=clock) as person:
        assert " 9d 04:00:00 " in person.row("user_due")
        assert "next expiry 9d 04:00:00" in person.lines[-2]
        clock.at += 1
        await person.wait_for(lambda: " 9d 03:59:59 " in person.row("user_due"))
        assert "next expiry 9d 03:59:59" in person.lines[-2]
        clock.at += 5 * DAY
        await person.wait_for(lambda: " 4d 03:59:59 " in person.row("user_due"))


async def test_an_expiring_token_moves_below_with_a_notice(frozen_facebook: RunningSandbox) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=("user_due", "user_long"), clock=clock) as person:
        clock.at += 10 * DAY  # by this clock alone it has not expired
        frozen_facebook.clock.advance(10 * DAY)
        await person.press("V")
        await person.wait_for(lambda: person.names == ["user_long", "user_due"])
        await person.wait_for(lambda: person.row("user_due").strip().startswith("× expired"))
        await person.wait_for(lambda: "user_due is expired" in person.notices)


async def test_r_extends_to_sixty_days_and_data_access_does_not_move(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, clock=standing_clock()) as person:
        before = person.stored("user_due")
        value_before = person.services.vault.tokens.value("user_due")
        await person.press("r")
        await person.wait_for(lambda: person.stored("user_due").extended_at is not None)
        await person.wait_for("Extended by")
        after = person.stored("user_due")
        assert after.expires_at is not None
        assert abs(after.expires_at - NOON - 60 * DAY) < DAY
        assert before.expires_at == NOON + 9 * DAY + 4 * 3600
        assert after.data_access_expires_at == before.data_access_expires_at
        assert person.services.vault.tokens.value("user_due") != value_before
        await person.wait_for(lambda: "valid" in person.row("user_due"))
        assert frozen_facebook.exchanges("user_due") == 1
        assert frozen_facebook.exchanges("user_long") == 0
        await person.wait_for(lambda: person.names[:2] == ["user_long", "user_due"])


async def test_the_cursor_stays_on_its_token_in_another_order(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("down", "up")
        assert person.selected == "user_due"
        await person.press("r")
        await person.wait_for(lambda: person.names[:2] == ["user_long", "user_due"])
        assert person.selected == "user_due"


async def test_r_on_an_expired_token_asks_for_a_new_login(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("end")
        await person.press("up") if person.selected == "" else None
        assert person.selected == "user_expired"
        await person.press("r")
        await person.wait_for(lambda: "Expired. Log in again: press l." in person.notices)
        assert facebook.exchanges("user_expired") == 0


async def test_capital_r_refreshes_all_and_counts_what_came_of_it(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(*ALL_STATES, "user_missing_scope")) as person:
        await person.press("R")
        await person.wait_for(lambda: "need a new login" in person.notices)
        assert "1 without expiry" in person.notices
        assert "2 need a new login" in person.notices
        assert facebook.exchanges("user_due") == 1
        assert facebook.exchanges("user_expired") == 0


async def test_a_missing_scope_is_in_the_row_and_the_panel(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_missing_scope",), size=(120, 40)) as person:
        await person.wait_for(lambda: "1" in person.row("user_missing_scope").split())
        assert re.search(r"missing +instagram_manage_insights", person.text)


async def test_a_refresh_is_marked_in_row_and_status_line(facebook: RunningSandbox) -> None:
    facebook.fault("delay", path="debug_token", seconds=0.5)
    async with opened(facebook, asked=False, tokens=("user_due",)) as person:
        await person.wait_for(lambda: person.table._busy == {"user_due"})
        assert "asking Facebook about 1 token" in person.lines[-2]
        assert next(message.busy for message in person.messages if isinstance(message, WorkChanged)) == {"user_due"}
        await person.wait_for(lambda: not person.table._busy)
        await person.wait_for(lambda: "due" in person.row("user_due"))
        assert any(isinstance(message, BoardChanged) for message in person.messages)


async def test_escape_stops_a_refresh_of_many(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_due", "user_long", "user_missing_scope")) as person:
        facebook.fault("delay", seconds=1.0, times=None)
        await person.press("R")
        await person.wait_for(lambda: person.table._busy)
        await person.press("escape")
        await person.wait_for(lambda: "Stopped" in person.notices)
        facebook.clear_faults()
        await person.wait_for(lambda: not person.table._busy)
        assert {person.stored(name).name for name in person.names} == {"user_due", "user_long", "user_missing_scope"}


async def test_escape_stops_a_check_of_many_tokens(facebook: RunningSandbox) -> None:
    def many(services: Services) -> None:
        for place in range(30):
            add(services, facebook, "user_long", called=f"copy{place:02d}")

    def delay(services: Services) -> None:
        many(services)
        facebook.fault("delay", seconds=0.3, times=None)

    async with opened(facebook, tokens=("user_due",), prepare=delay, asked=False) as person:
        await person.wait_for("of 31 done (esc stops)")
        await person.wait_for(lambda: any(row.state == "valid" for row in person.app.session.board.rows))
        await person.press("slash", "c", "escape")
        assert person.app.session.token_work.busy, "escape left the search only"
        await person.press("escape")
        await person.wait_for(lambda: "Stopped" in person.notices)
        facebook.clear_faults()
        await person.wait_for(lambda: not person.app.session.token_work.busy)
        assert any(row.state == "unknown" for row in person.app.session.board.rows)


async def test_a_refresh_without_a_network_keeps_everything(
    facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(facebook) as person:
        before = {name: (person.stored(name), person.services.vault.tokens.value(name)) for name in person.names}
        facebook.stop()
        await person.press("r")
        await person.wait_for(lambda: "Could not ask Facebook." in person.notices)
        await person.wait_for(lambda: not person.table._busy)
        after = person.stored("user_due")
        assert after.failure is not None
        assert after.expires_at == before["user_due"][0].expires_at
        assert {name: person.services.vault.tokens.value(name) for name in person.names} == {
            name: value for name, (_, value) in before.items()
        }
        assert person.row("user_due").strip().startswith("◐ due")
        await person.wait_for("connection refused")


@pytest.mark.parametrize("name", ["user_due", "user_long"])
async def test_c_sends_exactly_the_token_and_no_byte_more(facebook: RunningSandbox, name: str) -> None:
    async with opened(facebook) as person:
        while person.selected != name:
            await person.press("down")
        await person.press("c")
        await person.wait_for(lambda: person.copied)
        assert person.copied == [facebook.world.token(name).value]
        assert facebook.world.token(name).value not in "".join(person.written)
        assert facebook.world.token(name).value not in person.text


async def test_what_c_copied_is_in_the_history(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("c")
        await person.wait_for(
            lambda: [event for event in person.services.vault.history.events("user_due") if event.action == "copy"]
        )


def has_copied(person: Person, count: int) -> bool:
    return len(person.copied) == count


async def test_capital_c_offers_copies_without_the_token(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook) as person:
        token = facebook.world.token("user_due").value
        for place, wanted in ((2, facebook.app_id), (3, "curl -sS"), (4, "| user_due | due |")):
            await person.press("C")
            await person.wait_for("Copy what?")
            await person.press(str(place))
            await person.wait_for(partial(has_copied, person, place - 1))
            assert person.copied[-1].startswith(wanted)
            assert token not in person.copied[-1]


async def test_capital_c_asks_for_a_page_token_and_copies_it(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("C")
        await person.wait_for("Page token of")
        await person.press("5")
        await person.wait_for(partial(has_copied, person, 1))
        assert person.copied[-1].startswith("EAA")
        assert person.copied[-1] != facebook.world.token("user_due").value


async def test_i_tells_all_that_is_known_but_the_value(facebook: RunningSandbox) -> None:
    async with opened(facebook, size=(100, 40)) as person:
        await person.press("i")
        await person.wait_for("data access")
        await person.wait_for("Dana Whitfield")
        for shown in ("expires", "issued", "instagram_basic", f"App ID {facebook.app_id}", "@acmecoffee"):
            assert shown in person.flat
        assert facebook.world.token("user_due").value not in person.text
        await person.press("escape")
        await person.wait_for("user_long")


async def test_v_asks_about_one_token_and_capital_v_about_all(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        asked = len(facebook.calls("debug_token"))
        await person.press("v")
        await person.wait_for(lambda: inspected(["user_due"]) in person.notices)
        assert len(facebook.calls("debug_token")) == asked + 1
        facebook.revoke("user_long", "invalidated")
        await person.press("V")
        await person.wait_for(lambda: inspected(person.names) in person.notices)
        assert len(facebook.calls("debug_token")) == asked + 4
        await person.wait_for(lambda: person.row("user_long").strip().startswith("! invalid"))
        await person.wait_for(lambda: "user_long is invalid" in person.notices)


async def test_a_refresh_makes_the_board_once(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(facebook) as person:
        await person.rest()
        session = person.app.session
        reads: list[str] = []
        tokens = person.services.tokens

        def counted() -> tuple[Token, ...]:
            reads.append("read")
            return tokens()

        monkeypatch.setattr(person.services, "tokens", counted)
        await person.press("r")
        await person.wait_for(lambda: any(row.token.extended_at for row in session.board.rows))
        await person.rest()
        assert len(reads) == 1


async def test_a_failed_inspection_is_shown_and_the_last_state_stays(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        facebook.stop()
        await person.press("v")
        await person.wait_for(lambda: "Could not ask" in person.notices)
        assert person.row("user_due").strip().startswith("◐ due")


async def test_t_reads_the_instagram_account_as_the_connector_would(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("t")
        await person.wait_for(lambda: "followers" in person.notices)
        assert "It works." in person.notices


async def test_f_filters_by_state_and_escape_shows_all(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=ALL_STATES) as person:
        await person.press("f")
        assert person.names == ["user_due"]
        await person.wait_for("only due; ")
        await person.press("f")
        assert person.names == ["user_long", "page_never"]
        await person.press("f")
        assert person.names == ["user_expired"]
        await person.press("f", "f")
        await person.wait_for("No tokens match.")
        await person.press("escape")
        assert len(person.names) == len(ALL_STATES)
        assert "shows the next state" not in person.text


async def test_a_search_without_a_match_names_the_key_that_ends_it(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        await person.press("slash")
        await person.type("zzz")
        await person.wait_for("No tokens match. esc shows all tokens.")


async def test_details_name_the_keys_that_work_after_them(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_expired",)) as person:
        await person.press("i")
        await person.wait_for("again: press esc, then l.")


async def test_slash_searches_names_and_accounts(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=ALL_STATES) as person:
        await person.press("slash")
        await person.wait_for("search tokens, esc to leave")
        await person.type("EXPIR")
        await person.wait_for(lambda: person.names == ["user_expired"])
        await person.press("enter")
        assert person.app.focused is person.table
        await person.press("escape")
        assert len(person.names) == len(ALL_STATES)
        assert not person.screen.query_one("#search", Input).display


async def test_capital_g_groups_by_profile(facebook: RunningSandbox) -> None:
    def second_profile(services: Services) -> None:
        services.profile_store.duplicate("acme", "other")
        add(services, facebook, "user_missing_scope", profile="other")

    async with opened(facebook, prepare=second_profile) as person:
        await person.wait_for(lambda: len(person.names) == 4)
        await person.press("G")
        headings = [place for place, line in enumerate(person.lines) if line.startswith("── ")]
        assert [person.lines[place].split()[1] for place in headings[:2]] == ["acme", "other"]
        assert person.lines.index(person.row("user_missing_scope")) > headings[1]
        await person.press("G")
        assert not [line for line in person.lines if line.startswith("── other")]


async def test_forgetting_asks_and_only_y_means_it(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        for key in ("escape", "enter", "n"):
            await person.press("delete")
            await person.wait_for("Forget user_due?")
            await person.press(key)
            await person.wait_for("user_long")
            assert person.stored("user_due").name == "user_due"
        await person.press("delete")
        await person.wait_for("Forget user_due?")
        await person.press("y")
        await person.wait_for(lambda: "user_due" not in person.names)
        assert "user_due" not in [token.name for token in person.services.tokens()]


async def test_an_empty_screen_says_what_to_press(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=()) as person:
        await person.wait_for("No token yet.")
        assert "Press l to log in" in person.flat
        for key in ("r", "R", "c", "i", "t", "v", "V", "delete", "p", "g"):
            await person.press(key)
        assert person.app.is_running
        assert person.copied == []


async def test_another_program_s_new_token_is_seen_after_a_reload(facebook: RunningSandbox) -> None:
    async with opened(facebook) as person:
        value = Secret(facebook.world.token("user_missing_scope").value)
        await person.services.keeper.adopt("fresh", "acme", value, "import")
        person.app.reload_board()
        await person.wait_for(lambda: "fresh" in person.names)
        assert person.row("fresh").strip().startswith("● valid")


async def test_changes_by_another_program_are_shown(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.app._LOOK_AT_OTHERS", 0.05)
    async with opened(facebook, tokens=("user_due", "user_long")) as person:
        elsewhere = open_vault(person.services.home.database, lambda: NOON, throw_away=True)
        try:
            elsewhere.tokens.delete("user_due")
            await person.wait_for(lambda: person.names == ["user_long"])
            later = replace(
                elsewhere.tokens.token("user_long"), expires_at=NOON + 9_000 * DAY, data_access_expires_at=None
            )
            elsewhere.tokens.update_token(later)
            await person.wait_for(lambda: person.app.session.board.rows[0].token.expires_at == later.expires_at)
        finally:
            elsewhere.close()


async def test_a_summary_that_does_not_fit_says_so(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, tokens=("user_due",), clock=standing_clock()) as person:
        assert person.lines[-3].rstrip().endswith(" …")
        await person.pilot.resize_terminal(160, 48)
        await person.wait_for(lambda: "saved 2026" in person.text)
        assert " …" not in person.text.split("accounts", 1)[1]


async def test_no_network_is_not_shown_as_a_refusal(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_due", "user_long")) as person:
        facebook.stop()
        await person.press("R")
        await person.wait_for(lambda: "2 could not be checked" in person.notices)
        assert "refused the connection" in person.notices  # and why
        await person.wait_for(lambda: not person.table._busy)
        await person.wait_for("No connection to Facebook.")
        assert "Facebook refused" not in person.flat


async def test_the_summary_has_both_ends_and_the_outlook(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, clock=standing_clock()) as person:
        assert re.search(r"expires +2026-10-11 16:00", person.text)
        assert re.search(r"data access +2026-12-22", person.text)
        assert re.search(r"outlook +Nothing extends it by itself", person.text)
        await person.press("down")
        await person.wait_for("2026-11-11")


async def test_an_unusable_token_shows_what_happened_and_what_to_do(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_password_changed",), size=(100, 40)) as person:
        await person.wait_for("changed their password")
        assert "Log in again: press l." in person.flat
        await person.press("i")
        await person.wait_for("explanation")
        assert "190/460" in person.flat
        assert "None" not in person.flat


async def test_no_second_stands_still_beside_the_ticking_ones(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, tokens=("user_short",), clock=standing_clock()) as person:
        assert " 01:10:00 " in person.row("user_short")
        assert "UTC (1 h)" in person.text


async def test_the_last_of_many_tokens_can_be_seen(facebook: RunningSandbox) -> None:
    def many(services: Services) -> None:
        for place in range(20):
            add(services, facebook, "user_long", called=f"copy{place:02d}")

    async with opened(facebook, prepare=many, size=(40, 15)) as person:
        await person.wait_for(lambda: len(person.names) > 20)
        assert not person.table.show_horizontal_scrollbar
        await person.press("end")
        last = person.names[-1]
        assert person.selected == last
        await person.wait_for(lambda: any(last in line for line in person.lines))


async def test_matillions_own_authorization_is_marked_as_an_estimate(
    facebook: RunningSandbox,
) -> None:
    def authorized(services: Services) -> None:
        service = services.guide
        service.tick(service.state("acme"), "12")

    async with opened(facebook, prepare=authorized, size=(100, 30)) as person:
        await person.wait_for("estimates: it cannot be read")
        await person.press("end")
        await person.wait_for("Matillion keeps a token of its own that cannot be read")
        await person.press("c")
        assert person.copied == []
        await person.press("r")
        await person.wait_for(lambda: person.app.current_mode == "guide")
        await person.wait_for("Step 11")
