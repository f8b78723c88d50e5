"""Numbers of things, as people say them."""


def counted(number: int, one: str, many: str = "") -> str:
    """1 letter, 2 letters, 0 letters; thousands with a comma."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
