"""The timer that keeps tokens valid: its text, how it is installed, and what is installed."""
