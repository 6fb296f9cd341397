"""The refusals of the room: code, field, and what is said in both languages."""

from collections.abc import Mapping

from decompte.errors import Problem, Refusal, Text

REFUSALS: Mapping[str, tuple[str, Text]] = {
    "account.other": (
        "file",
        Text(fr="ce relevé concerne un autre compte", en="this report is about another account"),
    ),
    "account.unknown": ("account", Text(fr="compte inattendu", en="unexpected account")),
    "amount.not_owed": ("amount", Text(fr="ce montant n'est pas dû", en="this amount is not owed")),
    "bank.missing": ("bank", Text(fr="aucun compte bancaire", en="no bank account")),
    "batch.changed": (
        "batch",
        Text(fr="ce n'est pas le fichier qui a été fait", en="this is not the file that was made"),
    ),
    "batch.other_digest": (
        "digest",
        Text(
            fr="l'empreinte approuvée n'est pas celle de ce fichier",
            en="the digest approved is not that of this file",
        ),
    ),
    "batch.same_person": (
        "released_by",
        Text(
            fr="une deuxième personne doit valider ce fichier",
            en="a second person must release this file",
        ),
    ),
    "books.red": ("batch", Text(fr="{wrong}", en="{wrong}")),
    "date.past": ("execution_date", Text(fr="cette date est passée", en="this date is over")),
    "debt.less": (
        "debt",
        Text(fr="il reste moins que cela à devoir", en="less than this is left owed"),
    ),
    "debt.never_given_up": (
        "how",
        Text(
            fr="la loi interdit de renoncer à une participation ou à une franchise (D. 322-3)",
            en="the law forbids giving up a participation or a franchise (D. 322-3)",
        ),
    ),
    "debt.not_paid": (
        "debt",
        Text(
            fr="ce qui ne crédite pas le compte ne rembourse rien",
            en="what does not credit the account pays nothing back",
        ),
    ),
    "dues.none": (
        "dues",
        Text(
            fr="rien n'est à prélever : aucune cotisation due sous un mandat",
            en="nothing can be collected: no contribution is due under a mandate",
        ),
    ),
    "field.missing": ("reason", Text(fr="dites pourquoi", en="say why")),
    "holder.unreadable": (
        "holder",
        Text(
            fr="écrivez le titulaire en lettres latines, comme sur le RIB",
            en="write the holder in Latin letters, as on your bank details",
        ),
    ),
    "how.unknown": ("how", Text(fr="choix inconnu", en="unknown choice")),
    "iban.outside": (
        "iban",
        Text(
            fr="ce compte est hors de l'Espace économique européen : payez autrement",
            en="this account is outside the European Economic Area: pay otherwise",
        ),
    ),
    "notice.short": (
        "execution_date",
        Text(
            fr="les assurés doivent être prévenus : au plus tôt le {day:%d/%m/%Y}",
            en="members must be told before: {day:%Y-%m-%d} at the earliest",
        ),
    ),
    "order.not-sent": (
        "order",
        Text(
            fr="ce paiement n'est pas parti, ou ce mouvement est déjà compté pour lui",
            en="this payment never left, or this movement was counted for it before",
        ),
    ),
    "order.twice": (
        "order",
        Text(
            fr="ce paiement n'est pas parti, ou ce mouvement est déjà compté pour lui",
            en="this payment never left, or this movement was counted for it before",
        ),
    ),
    "order.unknown": (
        "reference",
        Text(
            fr="aucun paiement de cette demande n'est parti (ou deux réponses données)",
            en="no payment of this request has left (or two answers given)",
        ),
    ),
    "orders.none": ("orders", Text(fr="aucun ordre n'attend", en="no order is waiting")),
    "payment.in_file": (
        "request",
        Text(
            fr="un paiement de cette demande est dans un fichier qui attend une deuxième "
            "personne : faites-le valider ou écartez-le d'abord",
            en="a payment of this request is in a file that waits for a second person: have it "
            "released, or discard it, first",
        ),
    ),
    "population.complete": (
        "members",
        Text(
            fr="une population complète est déjà là ; commencez par une base vide",
            en="a complete population is there already; begin with an empty database",
        ),
    ),
    "proposal.open": (
        "debt",
        Text(
            fr="une proposition attend déjà une deuxième personne",
            en="a proposal already waits for a second person",
        ),
    ),
    "proposal.same_person": (
        "decided_by",
        Text(fr="une deuxième personne doit décider", en="a second person must decide"),
    ),
    "register.again": (
        "register",
        Text(
            fr="le paiement {payment} est déjà parti : rien ne part",
            en="payment {payment} went out before: nothing leaves",
        ),
    ),
    "register.ahead": (
        "register",
        Text(
            fr="cette base est plus ancienne que ce qui a été envoyé ({message}) : rien ne part",
            en="this database is older than what was sent ({message}): nothing leaves",
        ),
    ),
}


def refusal(code: str, **values: object) -> Refusal:
    """Return a refusal with one problem.

    Args:
        code: one of `REFUSALS`.
        values: what its sentence is filled with.
    """
    field, said = REFUSALS[code]
    return Refusal([Problem(code, field, said.fill(**values))])
