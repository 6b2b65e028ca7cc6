"""Templates, tags, outbox, channels (SMTP, SMS), deliverability."""
