"""`make sbom`: adds to the list of components their licences, and says what one of them lacks."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.test_supply import licence


def main(path):
    """Complete the list in place; return 1 when a component has no version, hash or licence."""
    listed = json.loads(path.read_text())
    lacking = []
    for one in listed["components"]:
        one["licenses"] = [{"license": {"name": licence(one["name"])}}]
        one.pop("description")  # the line of the lock, with every hash once more
        is_hashed = any("hashes" in place for place in one.get("externalReferences", []))
        if not (one.get("version") and is_hashed and one["licenses"][0]["license"]["name"]):
            lacking.append(one["name"])
    written = json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        sys.stderr.write(f"not as CycloneDX 1.6 asks: {wrong}\n")
        return 1
    path.write_text(written)
    if lacking:
        sys.stderr.write(f"without version, hash or licence: {', '.join(lacking)}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
