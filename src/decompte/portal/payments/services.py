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
from decompte.portal.payments.collecting import collections_of, find_collection, first_day
from decompte.portal.payments.collecting import prepare as prepare_debits
from decompte.portal.payments.contributions import (
    collect_again,
    dues_of,
    find_due,
    owe,
    owe_all,
    paid_otherwise,
    unpaid,
    unpaid_cents,
    waive,
)
from decompte.portal.payments.corrections import correct
from decompte.portal.payments.ledger import balance, balances
from decompte.portal.payments.mandates import end as end_mandate
from decompte.portal.payments.mandates import find_mandate, mandate_of
from decompte.portal.payments.mandates import sign as sign_mandate
from decompte.portal.payments.orders import (
    find_order,
    held,
    order,
    order_of,
    order_of_request,
    orders_by_decision,
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
from decompte.portal.payments.refusals import refusal
from decompte.portal.payments.sending import content, outgoing, put_out
from decompte.portal.payments.statements import (
    COLUMNS,
    Period,
    caps,
    data,
    payment_message,
    period,
    statement,
    summary_pdf,
    years,
)
from decompte.portal.payments.verify import books, everything

__all__ = [
    "COLUMNS",
    "Period",
    "balance",
    "balances",
    "bank_files",
    "batches",
    "books",
    "caps",
    "collect_again",
    "collections_of",
    "content",
    "correct",
    "data",
    "debts_of",
    "decide",
    "discard",
    "dues_of",
    "end_mandate",
    "everything",
    "explain",
    "find_batch",
    "find_collection",
    "find_debt",
    "find_due",
    "find_line",
    "find_mandate",
    "find_order",
    "find_proposal",
    "first_day",
    "gaps",
    "held",
    "lines_of",
    "mandate_of",
    "match",
    "order",
    "order_of",
    "order_of_request",
    "orders_by_decision",
    "orders_for",
    "orders_of",
    "outgoing",
    "owe",
    "owe_all",
    "owed_cents",
    "owing",
    "paid_otherwise",
    "payment_message",
    "period",
    "prepare",
    "prepare_debits",
    "propose",
    "put_out",
    "read_bank_file",
    "refusal",
    "release",
    "resume",
    "sign_mandate",
    "statement",
    "summary_pdf",
    "takings_of",
    "unexplained_cents",
    "unpaid",
    "unpaid_cents",
    "waiting",
    "waive",
    "work_list",
    "years",
]
