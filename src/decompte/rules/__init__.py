"""What the texts compute, as functions of integers: cents, basis points, days, flags.

No rule knows a figure: `law` has them, dated and with their sources, and each rule names those it
rests on. Read in this order, it is how a French reimbursement comes about:

1. `shapes`: what a rule is given: the figures by period, the care line, what was kept before.
2. `settle`: one line from its price to what stays with the patient; it calls all that follow.
3. `base`, with `technical` and `generic`: the official tariff, which a share is taken of.
4. `rate`, with `covers` and `prevention`: that share, and who has a better one; `sessions`: when
   there is none; `heavy`: when a flat sum stands in place of what is left.
5. `pathway`, `participation`, `franchise`: what is kept back from it.
6. `local`, `solidarity`, `complementary`, with `basket`: who pays of the rest.
7. `deferral`, `recovery`: what is kept back later, where the doctor was paid directly.
8. `rounding`: the one place that divides; `reasons`: what each rule has to say for its amount.
"""
