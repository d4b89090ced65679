"""The token: what it is, how long it lives, and how it is kept alive."""
