"""What an officer types is taken whole, or refused with its length: nothing of it is cut off in silence."""

from committee.errors import Refused


def whole(what: str, said: str, most: int) -> str:
    """`said` itself, where it has at most so many characters; `what` is it called in the sentence that refuses it."""
    if len(said) > most:
        raise Refused(f"A {what} has at most {most:,} characters; this has {len(said):,}. Nothing was changed.")
    return said
