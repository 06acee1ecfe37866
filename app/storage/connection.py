"""A connection to PostgreSQL that asks several prepared statements in one round trip.

A participant's page asks the same few statements all day. In a pipeline psycopg's cursors wake the
server for each of them and take three to five times the CPU of libpq, which is spoken to here.
Values go in and rows come out by psycopg's own conversions, and its way of waiting holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import psycopg
from psycopg import generators
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as Adapting
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Statement = tuple[str, Sequence[Any]]  # SQL with $1, $2, and their values
Command = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement found or wrote, told as a cursor tells it."""

    rows: Sequence[tuple[Any, ...]]
    result: PGresult

    @property
    def rowcount(self) -> int:
        """How many rows were found or written."""
        return self.result.command_tuples or 0

    @property
    def description(self) -> Sequence[tuple[str, int]]:
        """Name and type of each column."""
        return [
            ((self.result.fname(place) or b"").decode(), self.result.ftype(place))
            for place in range(self.result.nfields)
        ]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The first row, if there is one."""
        return self.rows[0] if self.rows else None

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Every row."""
        return self.rows


class Connection(psycopg.Connection[Any]):
    """psycopg's, with a short way for statements that are prepared once and asked again."""

    @cached_property
    def _names(self) -> dict[str, bytes]:
        """What was prepared here, and the name that the server knows it by."""
        return {}

    @cached_property
    def _adapts(self) -> Transformer:
        return Adapting(self)

    def round_trip(self, *statements: Statement) -> Found:
        """Execute these in order, and say what the last one did.

        Outside a transaction they are one of their own, durable when this returns. Raises
        psycopg's error of the first that failed; then none of them was done, and unless rows
        refused it this connection must not be used again: it may count on what was not prepared.
        """
        commands = [command for each in statements for command in self._commands(*each)]
        results = self.wait(_answers(self.pgconn, commands))
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, encoding=self.info.encoding)
        return self._found(results[-1])

    def rollback(self) -> None:
        """As psycopg's, which would forget whatever was prepared: it takes no care of that here
        that tables may have been made since, as only migrations make them."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.round_trip(("ROLLBACK", ()))

    def _commands(self, sql: str, values: Sequence[Any]) -> list[Command]:
        given = self._adapts.dump_sequence(values, [PyFormat.TEXT] * len(values))
        name = self._names.get(sql)
        if name is not None:
            return [partial(self.pgconn.send_query_prepared, name, given)]
        name = self._names[sql] = f"covalue_{len(self._names)}".encode()
        return [
            partial(self.pgconn.send_prepare, name, sql.encode()),
            partial(self.pgconn.send_query_prepared, name, given),
        ]

    def _found(self, result: PGresult) -> Found:
        self._adapts.set_pgresult(result)
        rows = self._adapts.load_rows(0, result.ntuples, tuple)
        self._adapts.set_pgresult(None)
        return Found(rows, result)


def _answers(server: PGconn, commands: Sequence[Command]) -> PQGen[list[PGresult]]:
    """Send all at once, and wait for a result of each."""
    server.enter_pipeline_mode()
    for command in commands:
        command()
    server.pipeline_sync()
    yield from generators.send(server)
    results: list[PGresult] = []
    for _ in commands:
        results += yield from generators.fetch_many(server)
    yield from generators.fetch_many(server)  # that was all
    server.exit_pipeline_mode()
    return results
