"""Who changed what, when, from what to what: written by Postgres, for every door."""
