"""The installed command on real terminals."""
