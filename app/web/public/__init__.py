"""Published results for everybody: bytes from one table, kept by browsers and caches."""

from app.web.public.views import blueprint

__all__ = ["blueprint"]
