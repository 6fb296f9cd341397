"""`make docs`: the states of a request, drawn from the table that alone moves it."""

from django.utils import translation

from decompte.portal.requests.states import TRANSITIONS, State

HEAD = """# Where can a request be, and who moves it?

Drawn from the table of `src/decompte/portal/requests/states.py`; nothing outside it moves a
request. Each transition writes the state, a row of the audit trail and the message to the member in
one transaction, by a conditional update: of two people who act at once one wins, and the other is
told. Made by `make docs`.

"""


def page() -> str:
    """Return the page: the drawing, the states in both languages, the transitions."""
    drawn = ["```mermaid", "stateDiagram-v2", "  [*] --> draft"]
    drawn += [f"  {one.before.value} --> {one.after.value}: {one.name}" for one in TRANSITIONS]
    drawn += [f"  {state.value} --> [*]" for state in (State.PAID, State.REFUSED, State.UPHELD)]
    drawn += ["```", "", "| state | in English | en français |", "|---|---|---|"]
    drawn += [f"| `{one.value}` | {_said(one, 'en')} | {_said(one, 'fr')} |" for one in State]
    drawn += ["", "| transition | from | to | who |", "|---|---|---|---|"]
    drawn += [
        f"| `{one.name}` | `{one.before.value}` | `{one.after.value}` | {one.who} |"
        for one in TRANSITIONS
    ]
    return HEAD + "\n".join(drawn) + "\n"


def _said(state: State, language: str) -> str:
    with translation.override(language):
        return str(state.label)
