"""Whatever stands in the place of `config.toml`: settings, or a SettingsError with the place; never a hang."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.commands.running import inside, outside
from tui.harmless import harmless
from tui.settings import Home, Problem, Settings, SettingsError, SettingsStore
from tui.settings.errors import Place
from tui.settings.places import place_in_file
from tui.settings.reading import load_settings, parse_settings
from tui.settings.toml_text import DEEPEST, LARGEST, LONGEST_WORD
from tui.wording.settings import settings_error
from tui.wording.surfaces import CommandLine, sentences

FILE = Path("/home/me/config.toml")
BOM = b"\xef\xbb\xbf"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose folder is there."""
    return Home(tmp_path, tmp_path, tmp_path / "log")


def refused(home: Home) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_settings(home, {})
    assert caught.value.path == home.config_file
    assert str(home.config_file) in sentences(settings_error(caught.value), CommandLine())
    return caught.value


# --- what is no file ------------------------------------------------------------------------------------------------


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [a_pipe, a_folder, a_socket, a_device])
def test_only_a_regular_file_is_read(make: Callable[[Path], None], own_home: Path) -> None:
    own_home.mkdir()
    make(own_home / "config.toml")
    assert refused(Home(own_home, own_home, own_home)).problem is Problem.NOT_A_FILE
    done = outside("status")
    assert (done.status, done.out) == (64, "")
    assert str(own_home / "config.toml") in done.err
    assert "config.toml" in outside("doctor").out


def test_a_link_to_a_regular_file_is_read(home: Home) -> None:
    (home.config_folder / "elsewhere.toml").write_text("mouse = false")
    home.config_file.symlink_to("elsewhere.toml")
    assert load_settings(home, {}).mouse is False


def test_a_file_of_more_than_a_megabyte_is_not_read(home: Home) -> None:
    home.config_file.write_bytes(b"#" * LARGEST)
    assert load_settings(home, {}) == Settings()
    home.config_file.write_bytes(b"#" * (LARGEST + 1))
    assert refused(home).problem is Problem.TOO_LARGE


# --- encodings ------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_at_the_start_is_accepted(home: Home) -> None:
    home.config_file.write_bytes(BOM + b"mouse = false\n")
    assert load_settings(home, {}).mouse is False
    home.config_file.write_bytes(BOM + b"mouse = 1\n")
    assert refused(home).place == Place(1, 1)
    assert place_in_file(home.config_file, ("mouse",)) == Place(1, 1)


def test_a_change_drops_the_byte_order_mark_alone(home: Home) -> None:
    home.config_file.write_bytes(BOM + b"# mine\r\nmouse = false  # here\r\nzzz = 1\r\n")
    SettingsStore(home, {}).set_preference("theme", "textual-dark")
    assert home.config_file.read_bytes().startswith(b"# mine\r\nmouse = false  # here\r\nzzz = 1\r\n")
    assert load_settings(home, {}).theme == "textual-dark"


def test_a_byte_order_mark_elsewhere_is_named(home: Home) -> None:
    home.config_file.write_bytes(b"mouse = false\n" + BOM + b"theme = 'x'\n")
    error = refused(home)
    assert (error.problem, error.place, error.character) == (Problem.CHARACTER, Place(2, 1), "\ufeff")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(home: Home, encoding: str) -> None:
    home.config_file.write_bytes('theme = "dark"\r\n# ü “ €\r\n'.encode(encoding))
    assert refused(home).problem is Problem.UTF_16


def test_another_encoding_is_named_with_its_place(home: Home) -> None:
    home.config_file.write_bytes("mouse = false\n# Größe".encode("latin-1"))
    error = refused(home)
    assert (error.problem, error.place, error.detail) == (Problem.ENCODING, Place(2, 5), "18")


# --- characters that only look like TOML's ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "character", "place", "instead"),
    [
        ("theme = “dark”", "“", (1, 9), '"'),
        ("mouse = true\n  theme = „dark“", "„", (2, 11), '"'),
        ("theme = ‘dark’", "‘", (1, 9), '"'),
        ("theme = «dark»", "«", (1, 9), '"'),
        ('theme = "dark”', "”", (1, 14), '"'),
        ('theme = "dark”\nmouse = true', "”", (1, 14), '"'),
        ("theme = 'dark’", "’", (1, 14), "'"),
        ("[profiles.“acme”]", "“", (1, 11), '"'),
        ("theme\u00a0= 'x'", "\u00a0", (1, 6), " "),
        ("theme =\u00a0'x'", "\u00a0", (1, 8), " "),
        ("\u202ftheme = 'x'", "\u202f", (1, 1), " "),
        ("theme = 'x'\u00a0", "\u00a0", (1, 12), " "),
        ("hooks = {\u3000}", "\u3000", (1, 10), " "),
        ("theme \uff1d 'x'", "\uff1d", (1, 7), "="),
        ("window_days = \u20131", "\u2013", (1, 15), "-"),
        ("theme = \u200b'x'", "\u200b", (1, 9), ""),
        ("größe = 1", "ö", (1, 3), ""),
        ('x = """“\n”"""\ntheme = “dark”', "“", (3, 9), '"'),
    ],
)
def test_a_foreign_character_is_named_with_its_place(
    text: str, character: str, place: tuple[int, int], instead: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, FILE)
    error = caught.value
    assert (error.problem, error.character, error.place, error.detail) == (
        Problem.CHARACTER,
        character,
        Place(*place),
        instead,
    )
    shown = sentences(settings_error(error), CommandLine())
    assert f"{FILE}, line {place[0]}, column {place[1]}: " in shown
    assert f"U+{ord(character):04X}" in shown


def test_the_error_before_a_foreign_character_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings("mouse = \ntheme = “dark”", FILE)
    assert (caught.value.problem, caught.value.place) == (Problem.SYNTAX, Place(1, 9))


def test_foreign_characters_may_be_in_texts_and_comments() -> None:
    text = '# “”\u00a0\n[profiles.acme]\napp_name = \'Größe “1”\u00a0\'\nzzz = """\n‘’"""\n'
    assert parse_settings(text, FILE).profiles[0].app_name == "Größe “1”\u00a0"


# --- absurd content -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("mouse = true\na = " + "[" * 400_000, Problem.TOO_DEEP, (2, 5 + DEEPEST)),
        ("a = " + "{a=" * 300_000, Problem.TOO_DEEP, (1, 5 + 3 * DEEPEST)),
        ("a." * 400_000 + "a = 1", Problem.TOO_DEEP, (1, 2 + 2 * DEEPEST)),
        ("x = { " + "a." * 400_000 + "a = 1}", Problem.TOO_DEEP, (1, 8 + 2 * DEEPEST)),
        ("[" + "'a'." * 200_000 + "a]", Problem.TOO_DEEP, (1, 5 + 4 * DEEPEST)),
        ("login_port = " + "1" * 900_000, Problem.TOO_LONG, (1, 14)),
        ("app_id = 0x" + "f" * 900_000, Problem.TOO_LONG, (1, 10)),
        ("[profiles.acme]\napp_id = " + "1" * 5_000, Problem.TOO_LONG, (2, 10)),
        ("window_days = -" + "9" * LONGEST_WORD, Problem.TOO_LONG, (1, 15)),
    ],
    ids=lambda value: value if isinstance(value, Problem) else "",
)
def test_absurd_nesting_and_numbers_are_named(text: str, problem: Problem, place: tuple[int, int]) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, FILE)
    assert (caught.value.problem, caught.value.place) == (problem, Place(*place))
    assert len(sentences(settings_error(caught.value), CommandLine())) < 300


def test_what_is_at_the_bounds_is_read() -> None:
    deepest = "a = " + "[" * DEEPEST + "]" * DEEPEST
    assert [key.key for key in parse_settings(deepest, FILE).unknown_keys] == ["a"]
    hosts = ", ".join(f"'{number}.example.com'" for number in range(500))  # dots in texts do not count
    assert len(parse_settings(f"trusted_hosts = [{hosts}]", FILE).trusted_hosts) == 500


@pytest.mark.parametrize("unclosed", ["'", '"', "'''", '"""', '"\\"', "[", "{"])
def test_an_unclosed_text_takes_no_more_than_linear_time(unclosed: str) -> None:
    with pytest.raises(SettingsError):
        parse_settings(f"a = {unclosed * (LARGEST // len(unclosed) - 4)}", FILE)


_WORDS = [
    *("theme", "mouse", "profiles", "acme", "app_id", "deliver", "hooks", "keys"),
    *("=", ".", "[", "]", "[[", "]]", "{", "}", ",", "\n", "\r\n", "#", '"', "'", '"""', "'''", "\\"),
    *("1", "-1", "0x1", "1e999", "inf", "nan", "true", "2026-11-28", "2026-13-99", "99:99:99"),
    *("“", "\u00a0", "\ufeff", "\0", "é", "\ud800"),
]


def _require_settings_or_sentence(read: Callable[[], Settings]) -> None:
    """Settings are all that is returned, SettingsError all that is raised, and it can be said on one harmless line."""
    try:
        assert isinstance(read(), Settings)
    except SettingsError as error:
        said = sentences(settings_error(error), CommandLine())
        assert said == harmless(said, len(said))
        assert said.endswith(".")


@given(st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join) | st.lists(st.sampled_from(_WORDS)).map("".join))
@example("a=" + "[" * 101)
@example("a = 2026-01-01T00:00:00+24:00")
def test_any_text_gives_settings_or_a_settings_error(text: str) -> None:
    _require_settings_or_sentence(lambda: parse_settings(text, FILE))


@given(st.binary(max_size=400) | st.text().map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
@example(BOM)
@example(BOM + BOM + b"mouse = true")
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"\0" * 50)
def test_any_bytes_give_settings_or_a_settings_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    home = Home(folder, folder, folder)
    home.config_file.write_bytes(data)
    _require_settings_or_sentence(lambda: load_settings(home, {}))


def test_a_command_names_the_file_and_the_place(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "config.toml").write_bytes(b"a = " + b"[" * 5000)
    done = inside("status")
    assert (done.status, done.out) == (64, "")
    assert f"{own_home / 'config.toml'}, line 1, column {5 + DEEPEST}: " in done.err
