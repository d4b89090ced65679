"""Plain mode for screen readers and dumb terminals: every screen as numbered lines and prompts."""
