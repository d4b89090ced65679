"""How many statements reading and storing take, however many tokens there are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.homes import fill
from tests.vault.making import NOW, a_token, add, make_vault
from tui.redact import Secret
from tui.vault.tokens_table import TokensTable
from tui.vault.vault import Vault


def statements(vault: Vault, work: Callable[[], object]) -> list[str]:
    """Return what SQLite is asked while `work` runs."""
    heard: list[str] = []
    connection = vault.database._connection
    connection.set_trace_callback(heard.append)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    return heard


@pytest.fixture
def vaults(tmp_path: Path) -> tuple[Vault, Vault]:
    """One with a single token, one with three hundred more."""
    few, many = make_vault(tmp_path / "few"), make_vault(tmp_path / "many")
    fill(many, 300)
    for vault in (few, many):
        add(vault)
    return few, many


def extend_once(vault: Vault) -> None:
    version = vault.tokens.add_issued("main", "work", Secret("EAAanother-value-of-it"), at=NOW + 1, origin="exchange")
    vault.tokens.make_current("main", version, a_token(inspected_at=NOW + 1, extended_at=NOW + 1))


@pytest.mark.parametrize("read", [TokensTable.tokens, TokensTable.brief_tokens, TokensTable.names])
def test_a_list_is_one_query(vaults: tuple[Vault, Vault], read: Callable[[TokensTable], object]) -> None:
    for vault in vaults:
        assert len(statements(vault, lambda vault=vault: read(vault.tokens))) == 1  # type: ignore[misc]


def test_brief_tokens_lack_only_pages_and_granular_scopes(vaults: tuple[Vault, Vault]) -> None:
    from dataclasses import replace

    _, many = vaults
    assert many.tokens.brief_tokens() == tuple(
        replace(token, pages=(), granular_scopes=()) for token in many.tokens.tokens()
    )


def test_an_extension_costs_the_same_among_many_tokens(
    vaults: tuple[Vault, Vault],
) -> None:
    few, many = (statements(vault, lambda vault=vault: extend_once(vault)) for vault in vaults)  # type: ignore[misc]
    assert [text.split()[0] for text in few] == [text.split()[0] for text in many]
    assert sum(text == "COMMIT" for text in many) == 2
    assert len(many) < 40


def test_no_statement_of_an_extension_walks_through_a_table(vaults: tuple[Vault, Vault]) -> None:
    _, many = vaults
    asked = [text for text in statements(many, lambda: extend_once(many)) if text.split()[0] in ("SELECT", "UPDATE")]
    assert asked
    for text in asked:
        plan = many.database.rows(f"EXPLAIN QUERY PLAN {text}")
        assert not [step for *_, step in plan if step.startswith("SCAN") and "CONSTANT" not in step], (text, plan)
