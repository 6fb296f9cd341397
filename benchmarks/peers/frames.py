"""The same amounts as expressions of Polars, from Parquet to Parquet."""

from pathlib import Path

import polars as pl
import pyarrow as pa
from polars import col, lit, max_horizontal, min_horizontal, when

ZERO = lit(0, pl.Int64)
CENTS = (
    *("base", "gross", "penalty", "participation", "franchise", "amo", "local", "solidarity"),
    *("amc", "patient", "deferred"),
)


def run(source: Path, target: Path, figures: pa.Table) -> None:
    """Write the amounts of a synthetic year."""
    lines = pl.scan_parquet(source).with_columns(col("act", "sector").cast(pl.String))
    law = pl.from_arrow(figures)
    assert isinstance(law, pl.DataFrame)
    settled(lines, law.lazy()).collect().write_parquet(target, compression="snappy")


def settled(lines: pl.LazyFrame, law: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with their amounts."""
    joined = lines.join(law, on=["act", "sector"]).filter(
        col("date").is_between(col("since"), col("until"))
    )
    gross = priced(joined.sort("beneficiary", "date", "line"))
    kept = kept_back(gross)
    return others(kept).select(
        "beneficiary",
        "line",
        *(col(name).cast(pl.Int32) for name in CENTS),
        col("rate_bp").cast(pl.Int16),
    )


def share(amount: pl.Expr, points: pl.Expr) -> pl.Expr:
    """Return a share in basis points, half a cent upwards."""
    return (amount * points * 2 + 10_000) // 20_000


def priced(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with the base, the rate and the gross amount."""
    price = col("price_cents").cast(pl.Int64)
    coefficient = (col("coefficient") * 10_000).round().cast(pl.Int64)
    tariff = share(col("tariff"), coefficient.fill_null(col("fixed_coefficient")))
    is_ald = col("related") & 1 == 1
    return (
        lines.with_columns(
            price=price,
            base=when("is_price").then(price).otherwise(min_horizontal(price, tariff)),
            is_ald=is_ald,
            is_c2s=col("covers") & 4 == 4,
        )
        .with_columns(
            rate_bp=when(is_ald).then(max_horizontal("rate", "rate_ald")).otherwise("rate")
        )
        .with_columns(gross=share(col("base"), col("rate_bp")))
    )


def kept_back(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with the penalty, the participation and the franchise."""
    is_out = (col("pathway") == "out-of-pathway") | (
        col("declared_gp_since").is_null() | (col("declared_gp_since") > col("date"))
    )
    exempt = (col("is_ald") & col("ald_no_penalty")) | (col("is_c2s") & col("c2s_no_penalty"))
    concerned = col("has_pathway") & ~exempt & (col("pathway") != "not-concerned")
    points = share(col("base"), col("penalty_points"))
    taken = min_horizontal(points, "gross", "penalty_cap")
    lines = lines.with_columns(penalty=when(concerned & is_out).then(taken).otherwise(ZERO))
    left = col("gross") - col("penalty")
    free = col("is_c2s") & col("c2s_no_participation")
    asked = when(free).then(ZERO).otherwise(min_horizontal("per_act", left))
    today = ["beneficiary", "date", "practitioner"]
    lines = capped(lines, "participation", asked, col("act_day_cap"), today)
    lines = capped(
        lines, "participation", col("participation"), col("act_year_cap"), ["beneficiary"]
    )
    free = col("is_c2s") & col("c2s_no_franchise")
    box = min_horizontal("per_box", left - col("participation"))
    asked = when(free).then(ZERO).otherwise(box)
    lines = lines.with_columns(of=when("by_practitioner").then("practitioner").otherwise(-1))
    today = ["beneficiary", "date", "box", "of"]
    day_cap = when(col("box_day_cap") < 0).then(lit(1 << 40)).otherwise("box_day_cap")
    lines = capped(lines, "franchise", asked, day_cap, today)
    return capped(lines, "franchise", col("franchise"), col("box_year_cap"), ["beneficiary"])


def capped(
    lines: pl.LazyFrame, name: str, asked: pl.Expr, cap: pl.Expr, over: list[str]
) -> pl.LazyFrame:
    """Return lines with what a cap leaves of what is asked, line after line."""
    lines = lines.with_columns(asked.alias("asked"))
    before = col("asked").cum_sum().over(over) - col("asked")
    return lines.with_columns(
        min_horizontal("asked", max_horizontal(cap - before, ZERO)).alias(name)
    )


def others(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines with what the others pay, and what is left."""
    kept = col("penalty") + col("participation") + col("franchise")
    top_up = max_horizontal(share(col("base"), col("local_rate")) - col("gross"), ZERO)
    lines = lines.with_columns(
        amo=col("gross") - kept,
        local=when(col("scheme") == "alsace-moselle").then(top_up).otherwise(ZERO),
        deferred=when(col("third_party_payment") & col("defers")).then(kept).otherwise(ZERO),
    )
    copayment = col("base") - col("gross") - col("local")
    lines = lines.with_columns(
        solidarity=when("is_c2s").then(share(copayment, col("solidarity"))).otherwise(ZERO)
    )
    over, allowed = col("price") - col("base"), share(col("base"), col("overcharge"))
    is_withheld = (col("penalty") > 0) & (col("withheld") > 0)
    less = when(is_withheld).then(max_horizontal(over - col("withheld"), ZERO)).otherwise(over)
    paid = share(copayment - col("solidarity"), col("copayment")) + min_horizontal(less, allowed)
    lines = lines.with_columns(amc=when(col("formula").is_null()).then(ZERO).otherwise(paid))
    by_all = col("amo") + col("local") + col("solidarity") + col("amc")
    return lines.with_columns(patient=col("price") - by_all)
