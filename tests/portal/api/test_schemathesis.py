"""schemathesis over the description, in all phases, with each party's token: it finds nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.enable_socket]
CASES = 200 if os.environ.get("DECOMPTE_TIER") == "1" else 3
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
PARTIES = {
    "anonymous": (),
    "member": ("member", "--account", "ana@decompte.example"),
    "school": ("school", "--return-address", "https://school.example/back"),
    "agent": ("agent", "--agency", "lmde"),
    "finance": ("finance", "--agency", "smerep"),
}


@pytest.mark.parametrize("party", PARTIES)
def test_schemathesis_is_silent(live, party, tmp_path):
    options = PARTIES[party]
    header = ["-H", f"Authorization: Bearer {live.token(party, *options)}"] if options else []
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{live.address}/api/v1/openapi.json",
            *header,
            "--phases",
            "examples,coverage,fuzzing,stateful",
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
