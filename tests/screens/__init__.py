"""The real app, real keys, the real sandbox over HTTP."""
