"""What igauth promises about keeping and hiding, each promise with a test that tries to break it."""
