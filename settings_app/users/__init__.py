"""Who comes in, and what each role may do."""
