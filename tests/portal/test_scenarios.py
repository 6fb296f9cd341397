"""M12: corrections, recoveries and returns, each worked by hand, by the verbs that people use.

`scenarios.yaml` holds them, with the amounts. Every twelfth is lived by default, each with
`DECOMPTE_SCENARIOS=1`.
"""

import os
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest
import yaml

from decompte.portal import clock
from decompte.portal.decisions import outcome
from decompte.portal.decisions import services as decisions
from decompte.portal.payments import services
from decompte.portal.payments.models import Debt
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from tests import bank, cast
from tests.portal.histories import IBANS, asked

FAMILIES = yaml.safe_load(Path(__file__).with_name("scenarios.yaml").read_text())
EVERY = int(os.environ.get("DECOMPTE_SCENARIOS", "12"))
SINCE = "2005-01-01"
RENAMED = (("pathway", "pathway"), ("day", "date"))


def filled(thing, row):
    """Return the steps or the facts of a family with the figures of a row."""
    if isinstance(thing, str):
        made = thing.format(**row)
        return int(made) if made.isdigit() else made
    if isinstance(thing, dict):
        return {name: filled(one, row) for name, one in thing.items()}
    return [filled(one, row) for one in thing] if isinstance(thing, list) else thing


def scenarios():
    for family in FAMILIES:
        for row in family["rows"]:
            figures = dict(zip(family["columns"], row, strict=True))
            name = f"{family['about']} {' '.join(str(one) for one in row)}"
            told = filled(family["steps"], figures), filled(family["then"], figures)
            yield pytest.param(*told, id=name)


ALL = list(scenarios())


class Life:
    """One student, two officers, and the verbs of the scenarios."""

    def __init__(self, settings):
        self.settings = settings
        self.member = cast.student(born="1986-05-10")
        self.officers = [cast.staff("lmde", "finance") for _n in range(2)]
        self.known = {}

    def decide(self, name, *, price, direct="no", pathway="declared-gp", act="G", day=""):
        on = date.fromisoformat(day) if day else clock.today() - timedelta(days=5)
        terms = {"price_cents": int(price), "is_direct": direct == "yes", "pathway": pathway}
        request = asked(self.member, on, **terms)
        request.lines.update(act=act)
        self.known[name] = request
        services.order(decisions.decide(request, "test"), "test")

    def send(self):
        batch = services.prepare("lmde", self.officers[0], clock.today())
        services.release(batch, self.officers[1], batch.sha256)

    def correct(self, name, **changes):
        earlier = decisions.chain(self.known[name].pk)
        inputs, by_hand = corrected(earlier[-1].inputs, changes)
        ruling = decisions.Ruling(
            inputs, "second", by_hand, "mistake", proposed_by="first", corrects=earlier[-1]
        )
        services.correct(earlier, decisions.keep(self.known[name], ruling), "test")

    def reject(self, name, reason):
        order = services.order_of_request(self.known[name].pk)
        file = bank.pain_002(order.batch.msg_id, rejected=[order.end_to_end_id], reason=reason)
        services.read_bank_file("lmde", file, "test")

    def account(self):
        people.set_bank_account(self.member, holder=self.member.name, iban=IBANS[1])
        for one in services.held():
            services.resume(one, "test")

    def days(self, number):
        self.settings.DAYS_BACK -= int(number)

    def repay(self, cents, how="collected"):
        debt = Debt.objects.filter(left_cents__gt=0).last()
        proposal = services.propose(debt, how, int(cents), "in words", self.officers[0])
        assert services.decide(proposal, self.officers[1], is_approved=True)

    def forgive(self, cents):
        self.repay(cents, "forgiven")

    def facts(self, names):
        found = {
            "waiting": sorted(one.amount_cents for one in services.waiting()),
            "held": sorted(one.amount_cents for one in services.held()),
            "sent": -services.balance("transit", "lmde"),
            "debts": [
                f"{one.kind} {one.amount_cents} {one.left_cents}"
                for one in Debt.objects.order_by("pk")
            ],
        }
        return {name: found[name] for name in names}


def corrected(inputs, changes):
    """Return a case with other facts, and the lines whose amounts are set by hand."""
    line, person = dict(inputs["lines"][0]), dict(inputs["person"])
    if "by_hand" in changes:
        return inputs, (outcome.ByHand(1, int(changes["by_hand"]), 0),)
    if "price" in changes:
        line["price"] = outcome.euros(int(changes["price"]))
    if "direct" in changes:
        line["third_party_payment"] = changes["direct"] == "yes"
    if "cover" in changes:
        kind = changes["cover"]
        person["covers"] = [{"kind": kind, "from": SINCE}] if kind else []
        line["ald_related"] = kind == "ald"
    line |= {
        new: changes[old]
        for old, new in (("pathway", "pathway"), ("day", "date"))
        if old in changes
    }
    person |= {"scheme": changes["scheme"]} if "scheme" in changes else {}
    return inputs | {"lines": [line], "person": person}, ()


def words(step):
    """Return the verb of a step, its names and its terms."""
    verb, *rest = step.split()
    names = [one for one in rest if "=" not in one]
    return verb, names, dict(one.split("=") for one in rest if "=" in one)


@pytest.mark.django_db
@pytest.mark.parametrize(("steps", "then"), ALL[::EVERY])
def test_m12_a_scenario_comes_out_as_worked_by_hand(settings, steps, then):
    with system("test"):
        life = Life(settings)
        for step in steps:
            verb, names, terms = words(step)
            getattr(life, verb)(*names, **terms)
        assert life.facts(then) == then
        assert services.everything() == []


def test_the_scenarios_are_many_and_each_is_another():
    assert len({repr(one.values) for one in ALL}) == len(ALL) >= 150
    assert set(chain.from_iterable(one.values[1] for one in ALL)) == {
        "waiting",
        "held",
        "sent",
        "debts",
    }
