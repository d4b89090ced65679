"""Figures of speed, memory and bytes beside their floors: `python -m tests.bench`. Not part of the test run."""
