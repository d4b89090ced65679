"""All English that people read. Values go in, text comes out; nothing here does I/O or decides anything."""
