"""The API: importing a module of views registers its routes on ``blueprint``."""

from app.api import weighting  # noqa: F401 - importing it adds its routes
from app.api.views import blueprint

__all__ = ["blueprint"]
