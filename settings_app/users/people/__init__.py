"""The colleagues' accounts: invited, changed, left, come back."""
