"""A typed client of `/api/v1`: `calls` (Decompte), `shapes` (answers), `signed` (checks)."""
