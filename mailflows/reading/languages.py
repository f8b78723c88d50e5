"""In which of the six official languages a text is written, by its script and its commonest words; None where unsure."""

import re

LOOKED_AT = 10_000  # characters
SURE = 3  # common words
FIRST = 2  # words that a language must be ahead of the next

SCRIPTS = {
    "ar": re.compile("[\u0621-\u064a]"),
    "ru": re.compile("[\u0410-\u044f\u0451\u0401]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "": re.compile("[A-Za-z\u00c0-\u024f]"),
}
OTHERS = re.compile("[\u3040-\u30ff\uac00-\ud7af\u067e\u0686\u06af\u0456\u0457\u0454\u0491]")
"""Letters of languages that share a script with one of the six: Japanese, Korean, Persian, Ukrainian."""
COMMONEST = {
    "en": "the of and to in is for that with we please our be on are this have from dear by your has will not you",
    "fr": "le la les des de et du un une est pour dans que nous vous au aux sur avec notre par votre ce cette ci-joint je",
    "es": "el los las de y del un una es para en que nos se al con su por nuestra nuestro este esta adjunto lo como la",
}
WORDS = {language: frozenset(words.split()) for language, words in COMMONEST.items()}


def language_of(text: str) -> str | None:
    """One of en, fr, es, ru, ar, zh."""
    text = text[:LOOKED_AT]
    letters = {language: len(letter.findall(text)) for language, letter in SCRIPTS.items()}
    letters["zh"] *= 3  # a sign is a word
    most = max(letters, key=lambda language: letters[language])
    if not most:
        return _by_words(text)
    return None if letters[most] < SURE or len(OTHERS.findall(text)) * 50 > letters[most] else most


def _by_words(text: str) -> str | None:
    words = re.findall(r"[a-z\u00e0-\u00ff-]+", text.lower())
    counts = {language: sum(word in common for word in words) for language, common in WORDS.items()}
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] >= SURE and counts[first] - counts[second] >= FIRST else None
