"""What earlier runs found out: one file for each project, of JSON, that nobody has to trust."""
