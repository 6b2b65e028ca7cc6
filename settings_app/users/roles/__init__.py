"""Roles, and the rights that the administrators give them."""
