"""Service cases, maintenance services and contracts, their occurrences and reminders, what is to be invoiced."""
