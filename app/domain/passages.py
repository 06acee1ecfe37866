"""A passage of free text as its reviewer leaves it: words masked, the rest as it was written."""

from __future__ import annotations

import re
from collections.abc import Collection

MASK = "█" * 4  # as long for every word: its length would tell something
LEAST_WRITERS = 5  # people; what fewer wrote to a question is read by nobody but its reviewer
_WORD = re.compile(r"\S+")


def words_of(text: str) -> list[str]:
    """The words, in their order; a word is what stands between spaces."""
    return _WORD.findall(text)


def masked(text: str, hidden: Collection[int]) -> str:
    """The text with the words of these numbers (from 0) masked.

    Raises IndexError for a number that no word has.
    """
    count = len(words_of(text))
    if any(not 0 <= number < count for number in hidden):
        raise IndexError
    numbers = iter(range(count))
    return _WORD.sub(lambda found: MASK if next(numbers) in hidden else found[0], text)
