"""A State answers that there is nothing new: a proposal that an officer confirms, in English or French."""

import re

_SAID = re.compile(
    r"(?:^|[.!\n]\s*)(?:we have |there is |(?:nous n['’]avons |il n['’]y a )?(?=rien|aucun))?"
    r"(?:nothing (?:new|further|to add|to report)|no (?:new|further|additional) (?:information|developments?|changes?)|no changes?"
    r"|rien (?:de nouveau|a signaler|a ajouter)|aucun(?:e)? (?:changement|(?:information|element)s? nouve(?:au|lle)s?))\b"
)


def says_nothing_new(plain: str) -> bool:
    """Whether `plain` (from `promises.own_lines`) has a sentence of its own that says so."""
    return _SAID.search(plain) is not None
