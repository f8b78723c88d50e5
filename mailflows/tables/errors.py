"""Why a file is no table that can be taken in."""


class NoTable(Exception):
    """A sentence for whoever has handed it in: what is wrong with it, and what would be right."""
