"""What the room tells the rooms above, inside the transaction that makes it true."""

from django.dispatch import Signal

# `source` and `target`, both Documents: the second was just made of the first (SAV-08, PLA-17).
document_derived = Signal()
