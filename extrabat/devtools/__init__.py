"""What a developer's or a demonstration machine needs around the program; nothing here runs in production."""
