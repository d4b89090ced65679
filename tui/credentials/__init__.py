"""What is wrong with a pasted credential, where, and how to fix it: pure functions."""
