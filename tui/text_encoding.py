"""Tells the encodings of text apart that editors and shells write."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE


def utf_16_text(data: bytes) -> str | None:
    """Return the text of bytes that are UTF-16, with or without a byte order mark; None for other bytes."""
    has_mark = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if not has_mark and (len(data) < 4 or b"\0" not in data[:4]):
        return None
    try:
        text = data.decode("utf-16" if has_mark else "utf-16-le" if data[1] == 0 else "utf-16-be")
    except UnicodeDecodeError:
        return None
    # without a mark, bytes that are no text would be letters of many scripts
    is_text = has_mark or 2 * sum(character < "\u0100" for character in text) > len(text)
    return text if is_text and "\0" not in text else None
