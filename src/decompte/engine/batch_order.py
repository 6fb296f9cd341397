"""What has to be known of the rows of a batch before the loop; compiled as well."""

from decompte.engine.batch_loop import Numbers, Rows


def longest_day(rows: Rows, order: Numbers) -> int:
    """Return the most lines that one person has on one day."""
    longest, run = 1, 1
    for place in range(1, len(order)):
        row, before = order[place], order[place - 1]
        if rows.person[row] == rows.person[before] and rows.day[row] == rows.day[before]:
            run += 1
            longest = max(longest, run)
        else:
            run = 1
    return longest


def is_ascending(rows: Rows, order: Numbers) -> bool:
    """Return whether the line numbers of every person go up in this order: none comes twice."""
    for place in range(1, len(order)):
        row, before = order[place], order[place - 1]
        if rows.person[row] == rows.person[before] and rows.line[row] <= rows.line[before]:
            return False
    return True
