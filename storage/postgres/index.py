"""The word index in PostgreSQL: the same answers as FTS5's, from words that we have cut ourselves.

A text's words are kept as they are, and beside them each different one, by which a text can be found: once as it is, and
once more where it is among the facts. Neither has a place in the text, of which PostgreSQL knows 16,383 at most; whether
the words of a phrase follow each other is seen in the text itself.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from committee.audit import moment
from committee.search import Question, Term, words_in
from storage.index import Hit, Indexed
from storage.postgres.pool import Connection
from storage.postgres.texts import read, stored

LONGEST_LEXEME: Final = 500
"""Characters: PostgreSQL takes 2,046 bytes."""
ANY, FACT = "w", "f"
MOST_AT_ONCE = 100
"""Texts that are indexed in one statement."""


def lexemes(facts: str, words: str) -> list[str]:
    """Each different word, marked with where it may be asked for."""
    of_facts = {word[:LONGEST_LEXEME] for word in facts.split(" ") if word}
    of_words = {word[:LONGEST_LEXEME] for word in words.split(" ") if word}
    return [*(FACT + word for word in of_facts), *(ANY + word for word in of_facts | of_words)]


async def write(connection: Connection, entries: Iterable[Indexed]) -> None:
    """Many in one statement: the way to the server and back costs more than a row."""
    new = [*{(entry.kind, entry.key): entry for entry in entries}.values()]
    for kind in sorted({one.kind for one in new}):
        await _no_longer_waiting(connection, kind, [one.key for one in new if one.kind == kind])
    for place in range(0, len(new), MOST_AT_ONCE):
        rows = [_row(one) for one in new[place : place + MOST_AT_ONCE]]
        await connection.execute(_WRITE, *map(list, zip(*rows, strict=True)))


def _row(one: Indexed) -> tuple[str, ...]:
    """A word has no space in it, so that the lexemes of each can travel as one text."""
    facts, words = words_in(one.facts), words_in(one.words)
    return one.kind, stored(one.key), moment(one.at), stored(facts), stored(words), " ".join(lexemes(facts, words))


async def take_out(connection: Connection, kind: str, keys: Iterable[str]) -> None:
    gone = [*keys]
    await _no_longer_waiting(connection, kind, gone)
    await connection.execute(
        "DELETE FROM word_index WHERE kind = $1 AND key = ANY ($2::text[])", kind, [stored(key) for key in gone]
    )


def asking(question: Question, limit: int, *, facts_only: bool) -> tuple[str, list[Any]]:
    """The statement that finds what answers the question, what was indexed last first, and its values."""
    values: list[Any] = [limit, " & ".join(f"({_lexemes_of(term, facts_only=facts_only)})" for term in question)]
    clauses = ["lexemes @@ $2::text::tsquery"]
    looked_at = [term for term in question if any(map(_needs_a_look, (one for one, _ in _phrases(term))))]
    clauses += [f"({' OR '.join(_looks(term, values, facts_only=facts_only))})" for term in looked_at]
    where = " AND ".join(clauses)
    return f"SELECT kind, key, at FROM word_index WHERE {where} ORDER BY id DESC LIMIT $1", values


def hit(row: Any) -> Hit:
    return Hit(row[0], read(row[1]), row[2])


async def _no_longer_waiting(connection: Connection, kind: str, keys: list[str]) -> None:
    await connection.execute(
        "DELETE FROM word_index_waiting WHERE kind = $1 AND key = ANY ($2::text[])", kind, [stored(key) for key in keys]
    )


def _phrases(term: Term) -> Iterator[tuple[str, bool]]:
    """What is asked for of a term, each a phrase and whether its last word may be the beginning of one."""
    yield words_in(term.words), term.begins
    yield from ((words_in(party), False) for party in term.parties)


def _lexemes_of(term: Term, *, facts_only: bool) -> str:
    (words, begins), *parties = _phrases(term)
    own = _all_of(words, FACT if facts_only else ANY, begins=begins)
    return " | ".join(f"({one})" for one in (own, *(_all_of(party, FACT) for party, _ in parties)))


def _all_of(phrase: str, mark: str, *, begins: bool = False) -> str:
    """Words are values: they stand in quotes, and hold nothing but letters and digits."""
    words = phrase.split(" ")
    quoted = [f"'{mark}{word[:LONGEST_LEXEME]}'" for word in words]
    return " & ".join([*quoted[:-1], f"{quoted[-1]}{':*' if begins else ''}"])


def _needs_a_look(phrase: str) -> bool:
    """One word, and the beginning of one, is found by its lexeme."""
    return " " in phrase or len(phrase) > LONGEST_LEXEME


def _looks(term: Term, values: list[Any], *, facts_only: bool) -> Iterator[str]:
    (words, begins), *parties = _phrases(term)
    values.append(f" {words}{'' if begins else ' '}")
    asked = f"${len(values)}::text"
    yield f"strpos(' ' || facts || ' ', {asked}) > 0"
    if not facts_only:
        yield f"strpos(' ' || words || ' ', {asked}) > 0"
    for party, _ in parties:
        values.append(f" {party} ")
        yield f"strpos(' ' || facts || ' ', ${len(values)}::text) > 0"


_WRITE = """
INSERT INTO word_index (kind, key, at, facts, words, lexemes)
SELECT kind, key, at, facts, words, array_to_tsvector(string_to_array(lexemes, ' '))
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    WITH ORDINALITY AS new (kind, key, at, facts, words, lexemes, "in order") ORDER BY "in order"
ON CONFLICT (kind, key) DO UPDATE SET at = excluded.at, facts = excluded.facts, words = excluded.words, lexemes = excluded.lexemes
"""
