"""A release as a data frame: python read_release.py https://office.example 1"""

import io
import os
import sys
import urllib.request

import polars as pl


def release(address: str, number: int) -> pl.DataFrame:
    """Every figure of a release; the token is in the environment variable COVALUE_TOKEN."""
    url = f"{address}/api/v1/releases/{number}/files/parquet"
    token = {"Authorization": f"Bearer {os.environ['COVALUE_TOKEN']}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=token)) as answer:
        return pl.read_parquet(io.BytesIO(answer.read()))


if __name__ == "__main__":
    totals = release(sys.argv[1], int(sys.argv[2])).filter(pl.col("what") == "total")
    with pl.Config(tbl_rows=-1):
        sys.stdout.write(f"{totals.select('territory', 'framework', 'value', 'low', 'high')}\n")
