"""What can be done to clients."""
