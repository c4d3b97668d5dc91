"""Finds, explains and repairs lost updates on memory shared between Python processes."""

__version__ = "0.1.0"
