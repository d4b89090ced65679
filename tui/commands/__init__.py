"""The commands without a screen: one module each, loaded when it runs."""
