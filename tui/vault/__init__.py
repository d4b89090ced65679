"""What is kept: the SQLite store, the places where secrets lie, and the files' safety."""
