"""Published results for everybody: bytes from one table, kept by browsers and caches; and counts
that anybody may ask for, where a programme lets them."""

from app.web.public import counts, views
from app.web.public.entry import blueprint

__all__ = ["blueprint", "counts", "views"]
