-- The amounts of a synthetic year in DuckDB: adults, no supplements, one formula, quantity 1.
-- What a cap has left after the lines before is the cap less the sum of what they would have taken.
CREATE OR REPLACE MACRO share(amount, points) AS (amount * points * 2 + 10000) // 20000;

CREATE OR REPLACE TEMP VIEW priced AS
SELECT
    lines.*, figures.* EXCLUDE (act, sector, since, until),
    CASE WHEN is_price THEN price_cents
         ELSE least(price_cents, share(tariff,
             coalesce(round(coefficient * 10000)::BIGINT, fixed_coefficient))) END AS base,
    related & 1 = 1 AS is_ald,
    covers & 4 = 4 AS is_c2s
FROM lines JOIN figures ON lines.act = figures.act AND lines.sector = figures.sector
    AND lines.date BETWEEN figures.since AND figures.until;

CREATE OR REPLACE TEMP VIEW rated AS
SELECT *,
    CASE WHEN is_ald AND rate_ald > rate THEN rate_ald ELSE rate END AS rate_bp,
    share(base, CASE WHEN is_ald AND rate_ald > rate THEN rate_ald ELSE rate END) AS gross
FROM priced;

CREATE OR REPLACE TEMP VIEW out_of_pathway AS
SELECT *,
    CASE WHEN NOT has_pathway OR (is_ald AND ald_no_penalty) OR (is_c2s AND c2s_no_penalty)
              OR pathway = 'not-concerned' THEN 0
         WHEN pathway = 'out-of-pathway' OR declared_gp_since IS NULL OR declared_gp_since > date
              THEN least(share(base, penalty_points), gross, penalty_cap)
         ELSE 0 END AS penalty
FROM rated;

CREATE OR REPLACE TEMP VIEW asked AS
SELECT *,
    CASE WHEN is_c2s AND c2s_no_participation THEN 0
         ELSE least(per_act, gross - penalty) END AS act_asked
FROM out_of_pathway;

CREATE OR REPLACE TEMP VIEW of_day AS
SELECT *,
    least(act_asked, greatest(act_day_cap - coalesce(sum(act_asked) OVER (
        PARTITION BY beneficiary, date, practitioner ORDER BY line
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0)) AS act_of_day
FROM asked;

CREATE OR REPLACE TEMP VIEW participated AS
SELECT *,
    least(act_of_day, greatest(act_year_cap - coalesce(sum(act_of_day) OVER (
        PARTITION BY beneficiary ORDER BY date, line
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0)) AS participation
FROM of_day;

CREATE OR REPLACE TEMP VIEW boxes AS
SELECT *,
    CASE WHEN is_c2s AND c2s_no_franchise THEN 0
         ELSE least(per_box, gross - penalty - participation) END AS box_asked
FROM participated;

CREATE OR REPLACE TEMP VIEW boxes_of_day AS
SELECT *,
    CASE WHEN box_day_cap < 0 THEN box_asked ELSE
        least(box_asked, greatest(box_day_cap - coalesce(sum(box_asked) OVER (
            PARTITION BY beneficiary, date, box, CASE WHEN by_practitioner THEN practitioner END
            ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0)) END
        AS box_of_day
FROM boxes;

CREATE OR REPLACE TEMP VIEW franchised AS
SELECT *,
    least(box_of_day, greatest(box_year_cap - coalesce(sum(box_of_day) OVER (
        PARTITION BY beneficiary ORDER BY date, line
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0)) AS franchise
FROM boxes_of_day;

CREATE OR REPLACE TEMP VIEW topped AS
SELECT *,
    gross - penalty - participation - franchise AS amo,
    CASE WHEN scheme = 'alsace-moselle'
         THEN greatest(share(base, local_rate) - gross, 0) ELSE 0 END AS local
FROM franchised;

CREATE OR REPLACE TEMP VIEW solidary AS
SELECT *,
    CASE WHEN is_c2s THEN share(base - gross - local, solidarity) ELSE 0 END AS by_c2s
FROM topped;

CREATE OR REPLACE TEMP VIEW complemented AS
SELECT *,
    CASE WHEN formula IS NULL THEN 0 ELSE
        share(base - gross - local - by_c2s, copayment)
        + CASE WHEN penalty > 0 AND withheld > 0
               THEN least(greatest(price_cents - base - withheld, 0), share(base, overcharge))
               ELSE least(price_cents - base, share(base, overcharge)) END
    END AS amc
FROM solidary;

CREATE OR REPLACE TEMP VIEW amounts AS
SELECT
    beneficiary, line, base::INTEGER AS base, gross::INTEGER AS gross,
    penalty::INTEGER AS penalty, participation::INTEGER AS participation,
    franchise::INTEGER AS franchise, amo::INTEGER AS amo, local::INTEGER AS local,
    by_c2s::INTEGER AS solidarity, amc::INTEGER AS amc,
    (price_cents - amo - local - by_c2s - amc)::INTEGER AS patient,
    CASE WHEN third_party_payment AND defers THEN (gross - amo)::INTEGER ELSE 0 END AS deferred,
    rate_bp::SMALLINT AS rate_bp
FROM complemented;
