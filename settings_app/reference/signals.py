"""What happens to reference values, told to the parts above in the same transaction."""

from django.dispatch import Signal

# Sent with `old` and `new`, the two values, once the records have moved and before `old` is deleted.
value_merged = Signal()
