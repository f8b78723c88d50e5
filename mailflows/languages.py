"""A person of the secretariat signs a language: from then on letters go out in it to missions that have indicated it."""

from dataclasses import replace

from committee.desk import Language
from committee.errors import Refused
from committee.staff import Person, Role
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.rendering import shipped_languages


async def sign(code: str, person: Person, desk: Desk) -> Language:
    require(person, Role.OFFICER, "sign a language")
    if code not in shipped_languages():
        raise Refused(f"There are no letters in {code!r} yet; there are: {', '.join(sorted(shipped_languages()))}.")
    async with desk.store.transaction(by=person.key, doing="language sign", about=code, at=desk.now) as tx:
        language = await tx.languages.get(code) or Language(code, code)
        signed = replace(language, signed_by=person.name, signed_on=desk.today.isoformat())
        await tx.languages.put(signed)
    return signed
