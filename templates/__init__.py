"""Every letter by name and language, with the letterhead and the layouts that frame it."""
