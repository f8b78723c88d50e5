"""The pages behind links: what a party sees of its own entry, and how it answers."""
