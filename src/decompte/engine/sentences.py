"""One sentence a reason, in French and English, with the figure that gives its source.

In the order in which they are told: what is reimbursed, what is kept back, who pays the rest.
"""

from decompte.engine.sentences_others import OTHERS
from decompte.engine.sentences_reimbursed import REIMBURSED
from decompte.engine.sentences_withheld import WITHHELD

SENTENCES = (*REIMBURSED, *WITHHELD, *OTHERS)
