"""Mail in, mail out, and every flow; the outbox is the only door out."""
