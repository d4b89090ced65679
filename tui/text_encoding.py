"""Tells the encodings of text apart that editors and shells write."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def utf_16_text(data: bytes) -> str | None:
    """Return the text of bytes that are UTF-16, with or without a byte order mark; None for other bytes."""
    try:
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            text = data.decode("utf-16")
        elif len(data) < 4 or b"\0" not in data[:4]:
            return None
        else:
            text = data.decode("utf-16-le" if data[1] == 0 else "utf-16-be")
    except UnicodeDecodeError:
        return None
    # bytes that are no text at all would be letters of many scripts with NUL among them
    is_text = "\0" not in text and 2 * sum(character < "\x80" for character in text) >= len(text)
    return text if is_text else None
