"""The API: importing a module of views registers its routes on ``blueprint``."""

from app.api import fieldwork, release_files, sample, weighting  # noqa: F401 - importing them adds their routes
from app.api.views import blueprint

__all__ = ["blueprint"]
