"""The rules of the room that need no database."""
