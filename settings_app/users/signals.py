"""What happens to people, told to the parts above in the same transaction."""

from django.dispatch import Signal

# Sent with `person`, once what he held was handed over; what still names him for the days to come lets go of him.
person_left = Signal()
