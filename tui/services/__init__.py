"""What screens and commands ask for: each use case once, built from settings in one place."""

from tui.services.root import Services, open_services

__all__ = ["Services", "open_services"]
