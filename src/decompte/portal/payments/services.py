"""What other rooms may ask of money: the verbs, by the module that holds each."""

from decompte.portal.payments.answers import (
    bank_files,
    explain,
    find_line,
    gaps,
    lines_of,
    match,
    unexplained_cents,
    work_list,
)
from decompte.portal.payments.answers import read as read_bank_file
from decompte.portal.payments.batches import (
    batches,
    discard,
    find_batch,
    orders_of,
    prepare,
    release,
)
from decompte.portal.payments.ledger import balance, balances
from decompte.portal.payments.orders import (
    find_order,
    held,
    order,
    order_of,
    orders_for,
    resume,
    waiting,
)
from decompte.portal.payments.recoveries import (
    debts_of,
    decide,
    find_debt,
    find_proposal,
    owed_cents,
    owing,
    propose,
    takings_of,
)
from decompte.portal.payments.sending import content, outgoing, put_out
from decompte.portal.payments.statements import payment_message, statement
from decompte.portal.payments.verify import books, everything

__all__ = [
    "balance",
    "balances",
    "bank_files",
    "batches",
    "books",
    "content",
    "debts_of",
    "decide",
    "discard",
    "everything",
    "explain",
    "find_batch",
    "find_debt",
    "find_line",
    "find_order",
    "find_proposal",
    "gaps",
    "held",
    "lines_of",
    "match",
    "order",
    "order_of",
    "orders_for",
    "orders_of",
    "outgoing",
    "owed_cents",
    "owing",
    "payment_message",
    "prepare",
    "propose",
    "put_out",
    "read_bank_file",
    "release",
    "resume",
    "statement",
    "takings_of",
    "unexplained_cents",
    "waiting",
    "work_list",
]
