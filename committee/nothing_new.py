"""A State answers that there is nothing new: a proposal that an officer confirms, in English or French."""

import re

_NOTHING = r"(?:nothing (?:new|further|to add|to report)|no (?:new|further|additional) (?:information|developments?|changes?))\b"
_RIEN = (
    r"(?:rien (?:de nouveau|a signaler|a ajouter)|aucune? (?:changement|(?:information|element)s? nouve(?:au|lle)s?))\b"
)
_SAID = re.compile(
    rf"(?:(?:^|[.!\n]\s*)(?:there is )?|\b(?:have|has|had|is)\s+){_NOTHING}"
    rf"|(?:^|[.!\n]\s*)no changes?\b|(?:(?:^|[.!\n]\s*)|\b(?:n['’](?:a|ai|ont|avons|y a)|a)\s+){_RIEN}"
)


def says_nothing_new(plain: str) -> bool:
    """Whether `plain` (from `promises.own_lines`) has a sentence of its own that says so."""
    return _SAID.search(plain) is not None
