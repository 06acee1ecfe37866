"""What was done to a draft, and which edit is undone or done again next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Did = Literal["begin", "add", "change", "move", "copy", "retire", "restore", "head", "undo", "redo"]


def next_turns(edits: Iterable[tuple[int, str, int | None]]) -> tuple[int | None, int | None]:
    """The edit that "undo" takes back and the one that "redo" does again; None: there is none.

    ``edits``: number, what was done, the edit turned; oldest first. A new edit forgets what was
    undone before it, as editors do; its row stays.
    """
    done: list[int] = []
    undone: list[int] = []
    for number, did, turned in edits:
        if did == "undo" and turned is not None:
            done.remove(turned)
            undone.append(turned)
        elif did == "redo" and turned is not None:
            undone.remove(turned)
            done.append(turned)
        elif did != "begin":
            done.append(number)
            undone.clear()
    return (done[-1] if done else None), (undone[-1] if undone else None)
