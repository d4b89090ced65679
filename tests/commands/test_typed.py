"""What stdin brings to a waiting login: from a file, from nothing, from a pipe."""

import os
from pathlib import Path

from tui.commands.login import typed_texts


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("https://localhost/?code=1\n&state=2")
    with file.open() as stream:
        assert [text async for text in typed_texts(stream)] == ["https://localhost/?code=1\n&state=2"]


async def test_an_empty_input_brings_no_text() -> None:
    with Path(os.devnull).open() as stream:
        assert [text async for text in typed_texts(stream)] == []
    assert [text async for text in typed_texts(None)] == []


async def test_what_a_pipe_brings_late_is_a_text_of_its_own() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        os.write(writing, b"first\n")
        texts = typed_texts(stream)
        assert await anext(texts) == "first"
        os.write(writing, b"second")
        os.close(writing)
        assert [text async for text in texts] == ["second"]
