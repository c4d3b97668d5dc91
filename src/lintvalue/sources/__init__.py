"""Paths to texts: which files a project has, which of them can matter, and what they say."""
