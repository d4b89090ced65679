"""The twin for screen readers and dumb lines: every screen as numbered lines and prompts, over the same services."""
