"""Plans as JSON from a grammar of odd and extreme parts."""

from __future__ import annotations

import json

from fuzzing.parts import NUMBERS, Data, Input, Parts, fields, types
from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import classes

_MARK = '"@number@"'


class Plan(Parts):
    """Writes plans."""

    def files(self) -> Input:
        """A plan."""
        changes: list[Data] = [self._change(at) for at in range(self.chance.randint(0, 3))]
        planned = [each for each in map(self._planned, changes) if each is not None]
        module: Data = {"resources": planned}
        if self.maybe(0.1):
            inner = {
                "address": self.pick(["module.m", "module.m[0]", "", "a"]),
                "resources": planned,
            }
            module = {"resources": [], "child_modules": [self.pick([inner, self.data(2)])]}
        found: dict[str, Data] = {
            "format_version": self.pick(["1.2", "1.2", "1.2", "1.0", "0.1", "2.0", "1.x", 1, None]),
            "terraform_version": self.pick(["1.9.0", "", None]),
            "planned_values": {"root_module": module, "outputs": self.data(1)},
            "resource_changes": changes,
            "configuration": {
                "provider_config": self.pick([{"aws": {"name": "aws"}}, self.data(2)]),
                "root_module": {"resources": [self._configured(one) for one in changes]},
            },
            "variables": self.pick([{"v": {"value": self.data(1)}}, self.data(1)]),
            "prior_state": self.pick([None, {"values": {"root_module": module}}, self.data(2)]),
        }
        for name in list(found):
            if self.maybe(0.05):
                del found[name]
            elif self.maybe(0.04):
                found[name] = self.data(2)
        text = json.dumps(found)
        while _MARK in text:
            text = text.replace(_MARK, self.pick(NUMBERS), 1)
        if self.maybe(0.03):
            text = self.pick(["\ufeff" + text, text[:-1], text + text, f"[{text}]", text + "\x00"])
        return {"plan.json": text.encode()}

    def _change(self, at: int) -> Data:
        kind = self.pick(types(cloudformation=False))
        indices: list[Data] = [None, 0, 1, "a", [], {}, True, 10**30, 'a"]']
        index = self.pick(indices) if self.maybe(0.3) else None
        address = f"{kind}.r{at}" if self.maybe(0.9) else self.text()
        part = classes()[kind]
        actions = [["create"], ["create"], ["delete", "create"], ["no-op"], ["forget"], ["delete"]]
        change: dict[str, Data] = {
            "actions": self.pick([*actions, [], 1, ["x"], None]),
            "before": self.values(part, kind, 1) if self.maybe(0.2) else None,
            "after": self.values(part, kind, 2),
            "after_unknown": self._marks(part, kind, 1),
            "after_sensitive": self._marks(part, kind, 1),
        }
        found: dict[str, Data] = {
            "address": address,
            "mode": self.pick(["managed", "managed", "managed", "data", "x", None]),
            "type": kind,
            "name": f"r{at}",
            "provider_name": self.pick(["registry.terraform.io/hashicorp/aws", "", 1]),
            "change": change,
        }
        if index is not None:
            found["index"] = index
        for one in (change, found):
            for name in list(one):
                if self.maybe(0.03):
                    one[name] = self.data(2)
        return found

    @staticmethod
    def _planned(change: Data) -> Data:
        if not isinstance(change, dict) or not isinstance(change.get("change"), dict):
            return None
        kept = {k: change[k] for k in ("address", "mode", "type", "name", "index") if k in change}
        inner = change["change"]
        assert isinstance(inner, dict)  # noqa: S101 - asked above
        return {**kept, "values": inner.get("after"), "sensitive_values": {}}

    def _configured(self, change: Data) -> Data:
        if not isinstance(change, dict) or self.maybe(0.1):
            return self.data(2)
        kind = str(change.get("type"))
        known = fields(classes()[kind], kind) if kind in classes() else ()
        said: dict[str, Data] = {}
        for _ in range(self.chance.randint(0, 3) if known else 0):
            to = self.pick(
                ["aws_vpc.r0", "aws_vpc.r0.id", "var.v", "module.m.o", "each.key", "", 1]
            )
            one: Data = {"references": self.pick([[to], to, [to, "local.a"], None])}
            said[self.pick(known)[0][0]] = self.pick(
                [one, one, [one], {"constant_value": 1}, self.data(1)]
            )
        kept = {k: change[k] for k in ("address", "mode", "type", "name") if k in change}
        return {**kept, "expressions": said, "count_expression": self.data(1)}

    def values(self, part: type[Part], kind: str, depth: int) -> Data:
        """The values of a resource or of a block in it."""
        known = fields(part, kind)
        found: dict[str, Data] = {}
        for _ in range(self.chance.randint(0, 6) if known else 0):
            steps, field = self.pick(known)
            name = steps[0]
            if (field.kind is not None or len(steps) > 1) and self.maybe(0.85):
                inner = self.values(field.kind, kind, depth - 1) if field.kind and depth else {}
                found[name] = self.pick([[inner], [inner, inner], [], None])
            elif "policy" in name and self.maybe(0.7):
                found[name] = json.dumps(self.policy())
            elif name.startswith("user_data"):
                found[name] = self.script()
            else:
                found[name] = self.pick([self.text(), [self.text()], self.data(1), _MARK[1:-1]])
        return self.data(2) if self.maybe(0.05) else found

    def _marks(self, part: type[Part], kind: str, depth: int) -> Data:
        known = fields(part, kind)
        found: dict[str, Data] = {}
        for _ in range(self.chance.randint(0, 2) if known else 0):
            inner = self._marks(part, kind, depth - 1) if depth else True
            found[self.pick(known)[0][0]] = self.pick([True, [True], [inner], inner, self.data(1)])
        return found
