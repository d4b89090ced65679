"""Defaults that rooms share which cannot import each other."""

WINDOW_DAYS = 14
"""Days before its deadline when a token becomes due, where nothing else is set."""

META_FOR_DEVELOPERS = "https://developers.facebook.com"
"""Where an app is made and set up."""
