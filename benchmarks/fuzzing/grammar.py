"""Units of any language from the grammars."""

from __future__ import annotations

import random

from fuzzing.parts import Input
from fuzzing.plan import Plan
from fuzzing.template import Template
from fuzzing.terraform import Terraform


class Grammar:
    """Writes input.

    Args:
        chance: Where all that is random comes from.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.terraform = Terraform(chance)
        self.template = Template(chance)
        self.plan = Plan(chance)

    def input(self) -> Input:
        """The files of one unit."""
        written = (self.terraform, self.terraform, self.template, self.template, self.plan)
        return self.chance.choice(written).files()
