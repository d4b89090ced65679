"""The authentication guide: its steps as data, a person's progress, and what proves a step."""
