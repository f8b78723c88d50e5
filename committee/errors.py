"""The two errors that every room knows, named by what the caller must do."""


class Refused(Exception):
    """Never try this again as it stands; the message says what was wrong, what was kept and what to do."""


class Unavailable(Exception):
    """Try later: the disk, the server or another process was not ready; nothing was changed."""
