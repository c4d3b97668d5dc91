"""What earlier runs found out: one file for each project, in parts, that nobody has to trust."""
