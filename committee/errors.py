"""The two errors that every room knows, named by what the caller must do."""


class Refused(Exception):  # noqa: N818 - named by what the caller must do, not by what it is
    """Never try this again as it stands; the message says what was wrong, what was kept and what to do."""


class Unavailable(Exception):  # noqa: N818 - named by what the caller must do, not by what it is
    """Try later: the disk, the server or another process was not ready; nothing was changed."""
