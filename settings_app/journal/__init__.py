"""The audit trail as people read it: the journal, the trail of one record, erasing values."""
