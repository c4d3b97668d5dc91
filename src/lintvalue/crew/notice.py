"""How long one waits at a time: a signal that comes right before a wait is only noticed behind it."""

NOTICE = 1.0  # seconds
