"""Company, stores, users, roles, preferences, reference tables, audit: what every room leans on."""
