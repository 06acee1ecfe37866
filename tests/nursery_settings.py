"""How a fork of the nursery serves: as ``config/gunicorn.py`` says, but with what was imported.

There each worker forgets our modules, since a reload may bring a new release. Here the release is
the one of the test, and importing it again would cost each server of each journey seconds.
"""

from pathlib import Path
from runpy import run_path

globals().update(run_path(str(Path(__file__).parents[1] / "config" / "gunicorn.py")))
del globals()["post_fork"]
