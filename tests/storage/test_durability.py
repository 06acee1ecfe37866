"""The server of PostgreSQL is asked for settings that lose answers, or tell them in its log."""

from __future__ import annotations

import pytest

from app.storage.database import Database
from app.storage.durability import GROUPS, unsafe, unsafe_settings

GOOD = {name: min(good) for _danger, group in GROUPS for name, good in group.items()}


def test_each_setting_is_named_with_what_it_should_be() -> None:
    assert unsafe(GOOD) == []
    for danger, group in GROUPS:
        for name, good in group.items():
            (found,) = unsafe(GOOD | {name: "another"})
            assert (found.name, found.is_, found.danger) == (name, "another", danger)
            assert found.should in good
    assert unsafe(GOOD | {"synchronous_commit": "off"})[0].should == "on"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_set_for_speed_is_found_out(database: Database) -> None:
    names = {each.name for each in unsafe_settings(database) if each.danger == "loses"}
    assert {"fsync", "synchronous_commit", "full_page_writes"} <= names
