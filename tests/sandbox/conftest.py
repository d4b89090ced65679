from tests.sandbox.asking import ask, ask_world

__all__ = ["ask", "ask_world"]
