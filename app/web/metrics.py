"""Figures of a running service for Prometheus: counts and times by place, nothing about anybody.

They are served at an address of their own (``COVALUE_METRICS``), to which nothing else answers, and
which no proxy leads to. Every process of the server writes its part to a folder that all share.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector

from app.workflows.acting import House

PLACE = ("endpoint", "method")
REQUESTS = Counter("covalue_requests", "Requests answered.", (*PLACE, "status"))
SECONDS = Histogram(
    "covalue_request_seconds",
    "Time to make an answer.",
    PLACE,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 8),
)
CONNECTIONS = Gauge(
    "covalue_database_connections", "Connections in use.", multiprocess_mode="livesum"
)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def register(app: Flask, address: str) -> None:
    """Count every request, and answer at ``host:port`` with the figures of all processes."""

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        place = (request.endpoint or "none", request.method)
        REQUESTS.labels(*place, response.status_code).inc()
        if "begun" in g:
            SECONDS.labels(*place).observe(time.perf_counter() - g.begun)
        house: House = app.extensions["covalue"]
        CONNECTIONS.set(house.database.connections_in_use)
        return response

    app.wsgi_app = _beside(app.wsgi_app, int(address.rpartition(":")[2]))  # type: ignore[method-assign,assignment] # Flask's own way


def _beside(served: Wsgi, port: int) -> Wsgi:
    """The figures for whoever came in by this port of the server, the pages for all others."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        if connection is None or not _is_at(connection.getsockname(), port):
            return served(environ, start)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it has no types
        found: Iterable[bytes] = make_wsgi_app(registry)(environ, start)
        return found

    return answer


def _is_at(name: object, port: int) -> bool:
    """Whether a socket's own end is this port; what a request says of itself does not count."""
    return isinstance(name, tuple) and name[1] == port
