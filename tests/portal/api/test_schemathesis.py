"""schemathesis over the description with each party's token: it finds nothing.

All phases for each with `DECOMPTE_TIER=1`; else a member goes through all but the long coverage of
every boundary, the others through examples and some fuzzing.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.enable_socket, pytest.mark.one_database]
IS_WHOLE = os.environ.get("DECOMPTE_TIER") == "1"
CASES = 200 if IS_WHOLE else 3
PHASES = "examples,coverage,fuzzing,stateful"
USUAL, SHORT = "examples,fuzzing,stateful", "examples,fuzzing"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "missing_required_header",
    "use_after_free",
    "ensure_resource_availability",
)
PARTIES = ("anonymous", "member", "school", "agent", "finance")


@pytest.mark.parametrize("party", PARTIES)
def test_schemathesis_is_silent(live, party, tmp_path):
    token = live.tokens.get(party)
    header = ["-H", f"Authorization: Bearer {token}"] if token else []
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{live.address}/api/v1/openapi.json",
            *header,
            "--phases",
            PHASES if IS_WHOLE else USUAL if party == "member" else SHORT,
            "--request-timeout",
            "60",
            "--max-examples",
            str(CASES),
            "--checks",
            ",".join(CHECKS),
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
