"""The batch on Spark: the same compiled loop on every node, over whole beneficiaries.

Rows are partitioned and sorted by beneficiary; what settles a partition is given by the caller and
runs in the nodes' Python processes, where this program has to be installed.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pyspark.sql import SparkSession

Settling = Callable[[Iterator[Any]], Iterator[Any]]


class Output(NamedTuple):
    """A folder of Parquet files to make: where, of which columns, by what.

    Attributes:
        path: of the folder, any address that Spark's file systems know.
        schema: an empty Arrow table with the columns.
        settling: from the record batches of a partition to those of the result.
    """

    path: str
    empty: Any
    settling: Settling


def run(source: str, outputs: list[Output], *, master: str) -> None:
    """Settle a Parquet file or folder; each result gets its name when it is complete.

    Args:
        source: any address that Spark's file systems know.
        outputs: the results; the source is read once for each.
        master: `local[2]`, `spark://host:7077`, `yarn`…
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    session: Any = (
        builder.master(master)
        .appName("decompte batch")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    try:
        rows = session.read.parquet(source)
        owned = rows.repartition("beneficiary").sortWithinPartitions("beneficiary", "date", "line")
        for output in outputs:
            schema = session.createDataFrame(output.empty).schema
            partial = output.path + ".work"
            owned.mapInArrow(output.settling, schema).write.mode("overwrite").parquet(partial)
            _rename(session, partial, output.path)
    finally:
        session.stop()


def _rename(session: Any, partial: str, path: str) -> None:  # noqa: ANN401  (Java's objects)
    hadoop = session._jvm.org.apache.hadoop.fs  # noqa: SLF001  (Spark gives no other way)
    target = hadoop.Path(path)
    files = target.getFileSystem(session._jsc.hadoopConfiguration())  # noqa: SLF001
    files.delete(target, True)  # noqa: FBT003  (Hadoop's word for a whole folder)
    if not files.rename(hadoop.Path(partial), target):
        raise OSError(f"{path}: cannot be given its name")
