"""The words of an agency's letters, by what they answer and why, in both languages.

An agent chooses a reason and adds their own words; what was sent is kept as sent.
"""

from typing import NamedTuple

from decompte.errors import Text


class Reason(NamedTuple):
    """Why, in words for the student.

    Attributes:
        code: stable.
        label: for the agent who chooses.
        text: the paragraph of the letter; `{day}` is the day of care.
    """

    code: str
    label: Text
    text: Text


REFUSALS = (
    Reason(
        "too-old",
        Text(fr="Soins trop anciens", en="Care too old"),
        Text(
            fr="La demande pour les soins du {day} est arrivée après la fin du délai pour "
            "demander un remboursement.",
            en="The request for the care of {day} arrived after the end of the period in which a "
            "reimbursement can be asked for.",
        ),
    ),
    Reason(
        "not-covered",
        Text(fr="Pas couvert ce jour-là", en="Not covered on that day"),
        Text(
            fr="Le {day}, jour des soins, nous ne vous couvrions pas.",
            en="On {day}, the day of the care, we did not cover you.",
        ),
    ),
    Reason(
        "duplicate",
        Text(fr="Déjà remboursé", en="Paid already"),
        Text(
            fr="Les soins du {day} font déjà l'objet d'une autre demande.",
            en="The care of {day} is the subject of another request already.",
        ),
    ),
    Reason(
        "not-reimbursed",
        Text(fr="Acte non remboursable", en="Act not reimbursed"),
        Text(
            fr="L'acte du {day} ne figure pas parmi ceux que l'assurance maladie rembourse.",
            en="The act of {day} is not among those the health insurance reimburses.",
        ),
    ),
)
CONFIRMATIONS = (
    Reason(
        "upheld",
        Text(fr="La décision était juste", en="The decision was right"),
        Text(
            fr="Une autre personne a revu votre dossier pour les soins du {day}. La décision "
            "est confirmée.",
            en="Another person looked at your file for the care of {day} again. The decision is "
            "confirmed.",
        ),
    ),
)
MISSING = (
    Reason(
        "missing",
        Text(fr="Il manque quelque chose", en="Something is missing"),
        Text(
            fr="Nous ne pouvons pas continuer votre demande pour les soins du {day} : il manque "
            "quelque chose.",
            en="We cannot go on with your request for the care of {day}: something is missing.",
        ),
    ),
)
CORRECTIONS = (
    Reason(
        "appeal",
        Text(fr="Contestation acceptée", en="Appeal accepted"),
        Text(
            fr="Une autre personne a revu votre dossier pour les soins du {day}. Votre "
            "contestation est acceptée.",
            en="Another person looked at your file for the care of {day} again. Your appeal is "
            "accepted.",
        ),
    ),
    Reason(
        "appeal-partly",
        Text(fr="Contestation acceptée en partie", en="Appeal accepted in part"),
        Text(
            fr="Une autre personne a revu votre dossier pour les soins du {day}. Votre "
            "contestation est acceptée en partie.",
            en="Another person looked at your file for the care of {day} again. Your appeal is "
            "accepted in part.",
        ),
    ),
    Reason(
        "keyed",
        Text(fr="Feuille de soins mal lue", en="Care form read wrongly"),
        Text(
            fr="Nous avions mal lu votre feuille de soins du {day}. Voici la décision corrigée.",
            en="We had read your care form of {day} wrongly. Here is the corrected decision.",
        ),
    ),
    Reason(
        "rights",
        Text(fr="Droits connus depuis", en="Rights known since"),
        Text(
            fr="Nous connaissons maintenant vos droits du {day}, jour des soins. Voici la décision "
            "corrigée.",
            en="We now know your rights on {day}, the day of the care. Here is the corrected "
            "decision.",
        ),
    ),
    Reason(
        "twice",
        Text(fr="Remboursé deux fois", en="Paid twice"),
        Text(
            fr="Les soins du {day} ont été remboursés deux fois. Voici la décision corrigée.",
            en="The care of {day} was paid twice. Here is the corrected decision.",
        ),
    ),
    Reason(
        "mistake",
        Text(fr="Erreur de notre part", en="Mistake of ours"),
        Text(
            fr="Nous nous étions trompés pour les soins du {day}. Voici la décision corrigée.",
            en="We had made a mistake about the care of {day}. Here is the corrected decision.",
        ),
    ),
)
OVERRIDES = (
    Reason(
        "tariff",
        Text(fr="Tarif que le calcul ne connaît pas", en="Tariff the calculation does not know"),
        Text(
            fr="Le tarif de vos soins du {day} n'est pas de ceux que le calcul connaît : une "
            "personne l'a appliqué, une deuxième l'a contrôlé.",
            en="The tariff of your care of {day} is not among those the calculation knows: one "
            "person applied it, a second one checked it.",
        ),
    ),
    Reason(
        "agreement",
        Text(fr="Accord préalable", en="Prior agreement"),
        Text(
            fr="Un accord préalable a été donné pour vos soins du {day}.",
            en="A prior agreement was given for your care of {day}.",
        ),
    ),
    Reason(
        "exception",
        Text(fr="Situation exceptionnelle", en="Exceptional situation"),
        Text(
            fr="Votre situation a été examinée à part pour les soins du {day}.",
            en="Your situation was looked at separately for the care of {day}.",
        ),
    ),
)
KINDS = {
    "refuse": REFUSALS,
    "uphold": CONFIRMATIONS,
    "missing": MISSING,
    "correction": CORRECTIONS,
    "override": OVERRIDES,
}
SUBJECTS = {
    "refuse": Text(
        fr="Votre demande de remboursement est refusée",
        en="Your request for reimbursement is refused",
    ),
    "uphold": Text(fr="Votre contestation", en="Your appeal"),
    "missing": Text(
        fr="Il manque quelque chose à votre demande de remboursement",
        en="Your request for reimbursement needs something",
    ),
    "correction": Text(
        fr="Votre remboursement est corrigé",
        en="Your reimbursement is corrected",
    ),
    "override": Text(
        fr="Votre remboursement est décidé",
        en="Your reimbursement is decided",
    ),
}
GREETING = Text(fr="Madame, Monsieur,", en="Dear Sir or Madam,")
APPEAL = Text(
    fr="Vous n'êtes pas d'accord ? Vous pouvez contester cette décision devant la commission de "
    "recours amiable dans les deux mois : sur la page de votre demande, ou par lettre en joignant "
    "celle-ci.",
    en="You do not agree? You can appeal this decision to the amicable commission within two "
    "months: on the page of your request, or by a letter with this one enclosed.",
)
SEND_AGAIN = Text(
    fr="Ajoutez ce qui manque sur la page de votre demande et renvoyez-la, au plus tard le {day} : "
    "passé ce délai, ces soins ne sont plus remboursés. Ce que vous avez déjà envoyé et que nous "
    "avons accepté n'est pas à refaire.",
    en="Add what is missing on the page of your request and send it again, by {day} at the latest: "
    "after that day this care is no longer paid. What you sent already and we accepted need not "
    "be sent again.",
)
STILL_MISSING = Text(fr="À fournir : {what}.", en="To be sent: {what}.")
BEFORE_AND_AFTER = Text(
    fr="{what} : {before} avant, {after} maintenant.", en="{what}: {before} before, {after} now."
)
IN_ALL = Text(
    fr="Le remboursement de cette demande est donc de {after}, au lieu de {before}.",
    en="The reimbursement of this request is thus {after}, instead of {before}.",
)
DECIDED = Text(
    fr="Le remboursement de cette demande est de {after}.",
    en="The reimbursement of this request is {after}.",
)
MORE = Text(
    fr="La différence de {amount} part avec le prochain versement sur votre compte.",
    en="The difference of {amount} leaves with the next payment to your account.",
)
ANEW = Text(
    fr="Le versement qui n'était pas encore parti est refait : {amount}.",
    en="The payment that had not left yet is made anew: {amount}.",
)
KEPT = Text(
    fr="{amount} en ont été retenus pour ce que vous deviez déjà.",
    en="{amount} were kept back from it for what you owed already.",
)
NO_DIFFERENCE = Text(
    fr="Cela ne change pas ce qui vous a été versé.",
    en="This does not change what was paid to you.",
)
OVERPAID = Text(
    fr="Vous avez reçu {amount} de trop. Vous n'avez rien à faire : à partir du {day}, cette somme "
    "est reprise sur vos prochains remboursements, {share} % de chacun au plus.",
    en="You received {amount} too much. You need not do anything: from {day} on it is taken from "
    "your next reimbursements, at most {share} % of each.",
)
OVERPAID_CHOICES = Text(
    fr="Vous pouvez aussi rembourser en une fois. Si votre situation ne vous le permet pas, "
    "demandez-nous un échelonnement ou une remise.",
    en="You can also pay it back at once. If your means do not allow it, ask us to spread it or to "
    "give it up.",
)
CLOSING = Text(fr="Avec nos salutations distinguées,", en="Yours faithfully,")
