"""What `make run` finds after it was stopped half-way: people, requests and files, each once."""

import json
import sqlite3


def test_a_demonstration_killed_half_way_is_whole_at_the_next_start(demonstrated):
    with sqlite3.connect(demonstrated / "decompte.sqlite3") as database:
        tables = ("people_user", "people_member", "requests_request", "payments_batch")
        counted = [database.execute(f"SELECT count(*) FROM {one}").fetchone() for one in tables]  # noqa: S608
        sent = {row[0] for row in database.execute("SELECT msg_id FROM payments_batch")}
    assert counted == [(19,), (4,), (9,), (2,)]
    told = (demonstrated / "register" / "sent.jsonl").read_text().splitlines()
    assert {json.loads(line)["msg_id"] for line in told} == sent
    assert {path.stem for path in (demonstrated / "outgoing").iterdir()} == sent
    assert (demonstrated / "demonstration.json").exists()
    assert not (demonstrated / "demonstration.begun").exists()
