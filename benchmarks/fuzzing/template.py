"""CloudFormation templates from a grammar of odd and extreme parts, in YAML and JSON."""

from __future__ import annotations

import json

from fuzzing.parts import NUMBERS, Data, Input, Parts, fields, types
from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import classes

_FUNCTIONS = [
    *(
        "Ref",
        "Fn::If",
        "Fn::Join",
        "Fn::Sub",
        "Fn::Select",
        "Fn::GetAtt",
        "Fn::Equals",
        "Fn::Split",
    ),
    *("Fn::FindInMap", "Fn::ImportValue", "Fn::Base64", "Fn::Cidr", "Fn::Not", "Fn::And", "Fn::Or"),
    *("Fn::Length", "Fn::Transform", "Fn::GetAZs", "Fn::ToJsonString", "Fn::Contains", "Condition"),
    *(
        "Fn::ForEach",
        "Fn::ValueOf",
        "Fn::RefAll",
        "Fn::EachMemberIn",
        "Fn::Nothing",
        "Fn::ForEach::L",
    ),
]
_NAMES = [
    "P",
    "Q",
    "C",
    "D",
    "R",
    "S",
    "AWS::NoValue",
    "AWS::Region",
    "AWS::AccountId",
    "R.Arn",
    "M",
]
_RAW = [
    *(
        "P",
        "a",
        "''",
        "~",
        "yes",
        "No",
        "0.0.0.0/0",
        "2001-01-01",
        "0o17",
        "1_000",
        "12:30:45",
        ".inf",
    ),
    *(
        "!!binary aGk=",
        "!!str 1",
        "!Ref P",
        "!Sub '${P}'",
        "!GetAtt R.Arn",
        "!If [C, a, b]",
        "!X a",
    ),
    *(
        "&a b",
        "*a",
        "{<<: *a}",
        "!!python/object:os.system a",
        '"\\ud800"',
        '"\\x1b[2J"',
        "? a",
        "==",
    ),
    *(
        "!Sub [a, {b: c}]",
        "!Join [',', *a]",
        "!!set {a}",
        "{a: 1, a: 2}",
        "[",
        "'",
        "{1: 2}",
        "!Ref",
    ),
]
_TRANSFORMS: list[Data] = [
    "AWS::LanguageExtensions",
    ["X", 1],
    {"Name": "AWS::Include", "Parameters": {"Location": "more.yaml"}},
    "AWS::Serverless-2016-10-31",
    None,
]
_PARAMETERS: list[Data] = [
    *("String", "Number", "List<Number>", "CommaDelimitedList", "AWS::EC2::VPC::Id", "X", 1, None),
    *("AWS::SSM::Parameter::Value<String>", "List<AWS::EC2::Subnet::Id>"),
]
_DEEP = 150


class Template(Parts):
    """Writes templates."""

    def files(self) -> Input:
        """A template, perhaps with one that it nests or includes."""
        if self.maybe(0.25):
            return self._flow()
        whole = json.dumps(self.template(), indent=self.pick([None, 1]))
        files = {self.pick(["template.json", "template.yaml"]): whole.encode()}
        if self.maybe(0.05):
            files["more.yaml"] = json.dumps(self.pick([self.template(), self.node(2)])).encode()
        return files

    def template(self) -> Data:
        """A template, as data."""
        found: dict[str, Data] = {
            "Parameters": {name: self._parameter() for name in "PQ"},
            "Conditions": {name: self.node(2) for name in "CD"},
            "Mappings": {"M": self.pick([{"a": {"b": self.node(1)}}, self.data(2)])},
            "Resources": {name: self._resource() for name in self.pick(["R", "R", "RS", "RST"])},
            "Outputs": {"O": {"Value": self.node(2), "Export": {"Name": self.node(1)}}},
        }
        if self.maybe(0.3):
            found["Transform"] = self.pick(_TRANSFORMS)
        if self.maybe(0.1):
            found["Rules"] = {"r": {"Assertions": [{"Assert": self.node(2)}]}}
        resources = found["Resources"]
        if self.maybe(0.15) and isinstance(resources, dict):
            inner = {"R${L}": self._resource()}
            resources["Fn::ForEach::L"] = ["L", self.pick([["a", "b"], self.node(2)]), inner]
        for name in ("Parameters", "Conditions", "Outputs", "Mappings"):
            if self.maybe(0.2):
                del found[name]
            elif self.maybe(0.03):
                found[name] = self.data(2)
        return found

    def _parameter(self) -> Data:
        found: dict[str, Data] = {"Type": self.pick(_PARAMETERS) if self.maybe(0.4) else "String"}
        if self.maybe(0.7):
            found["Default"] = self.pick([self.text(), self.data(1)])
        if self.maybe(0.2):
            key = self.pick(["AllowedValues", "AllowedPattern", "MinLength", "NoEcho", "MaxValue"])
            found[key] = self.pick([["a"], "(a+)+$", "[", self.data(1)])
        return found

    def _resource(self) -> Data:
        kind = self.pick(types(cloudformation=True))
        if self.maybe(0.05):
            kind = self.pick(
                ["AWS::CloudFormation::Stack", "AWS::Nothing::X", "Custom::A", "MODULE"]
            )
        properties = (
            self.properties(classes()[kind], kind, 2) if kind in classes() else self.node(2)
        )
        found: dict[str, Data] = {"Type": kind, "Properties": properties}
        if kind == "AWS::CloudFormation::Stack":
            url = self.pick(
                ["./more.yaml", "template.yaml", ".", "https://a/more.yaml", "../../.."]
            )
            found["Properties"] = {"TemplateURL": url, "Parameters": {"P": self.node(1)}}
        if self.maybe(0.2):
            found["Condition"] = self.pick(["C", "D", "E", ["C"], {"a": "b"}, None])
        if self.maybe(0.15):
            found["Metadata"] = self._metadata()
        if self.maybe(0.1):
            found[self.pick(["DependsOn", "DeletionPolicy", "CreationPolicy"])] = self.data(1)
        return self.data(2) if self.maybe(0.02) else found

    def _metadata(self) -> Data:
        """Suppressions and cloud-init, or what looks like them."""
        one: Data = self.pick(
            [
                {"code": self.pick(["DATA001", "SG", "", "é", 1, None]), "reason": self.data(1)},
                {"code": "IMDS001", "until": self.pick(["2020-01-01", "x", 1, None, "9999-99-99"])},
                "DATA001",
                self.data(2),
            ]
        )
        key = self.pick(["ec2lint", "checkov", "cfn_nag", "guard", "cfn-lint", "EC2LINT"])
        inner = self.pick(["ignore", "skip", "rules_to_suppress", "SuppressedRules", "Ignore"])
        files = {"/etc/a": {"content": self.node(1), "mode": self.data(0)}}
        init = {"config": {"files": files, "commands": {"a": {"command": self.node(1)}}}}
        return self.pick(
            [
                {key: {inner: self.pick([[one], one, [one, one]])}},
                {"AWS::CloudFormation::Init": self.pick([init, self.data(2)])},
                self.data(2),
            ]
        )

    def properties(self, part: type[Part], kind: str, depth: int) -> Data:
        """The properties of a resource or of a part of it."""
        if self.maybe(0.06):
            return self.node(depth)
        known = fields(part, kind)
        found: dict[str, Data] = {}
        for _ in range(self.chance.randint(0, 5) if known else 0):
            steps, field = self.pick(known)
            value = self._property(steps[-1], depth)
            if field.kind is not None and self.maybe(0.85):
                inner = [
                    self.properties(field.kind, kind, depth - 1) if depth else {}
                    for _ in range(self.chance.randint(0, 2))
                ]
                value = self.pick([inner, inner[0] if inner else None])
            for step in reversed(steps[1:]):
                value = {step: value}
            found[steps[0]] = value
        return found

    def _property(self, name: str, depth: int) -> Data:
        if "Policy" in name and self.maybe(0.7):
            return self.policy()
        if name == "UserData" and self.maybe(0.7):
            return self.pick(
                [{"Fn::Base64": self.pick([self.script(), self.node(1)])}, self.script()]
            )
        if self.maybe(0.35):
            return self.text()
        if self.maybe(0.3):
            return {"Ref": self.pick(["R", "S", "T"])}
        return self.node(depth)

    def node(self, depth: int) -> Data:
        """Anything that may be written as a value."""
        if depth <= 0 or self.maybe(0.3):
            return self.data(0)
        inner = [self.node(depth - 1) for _ in range(self.chance.randint(0, 3))]
        kind = self.chance.random()
        if kind < 0.15:
            return inner
        if kind < 0.3:
            keys = ["Ingress", "Tags", "CidrIp", "FromPort", "Value", "a"]
            return {self.pick(keys): one for one in inner}
        if kind < 0.31:
            deep: Data = "a"
            for _ in range(self.pick([10, 60, _DEEP])):
                deep = {"Fn::Join": ["", [deep]]}
            return deep
        name = self.pick(_FUNCTIONS)
        choices: list[Data] = [
            *(
                self.pick(_NAMES),
                inner,
                [self.pick(_NAMES), *inner],
                ["R", "Arn"],
                "${P}-${R.Arn}-${",
            ),
            *(
                inner[0] if inner else None,
                ["C", *inner],
                [",", inner],
                ["a${P}", {"P": self.data(1)}],
            ),
            *([self.pick([0, "1", -1]), inner], ["10.0.0.0/16", 4, self.pick([8, 99, "a"])]),
            {
                "Name": "AWS::Include",
                "Parameters": {"Location": self.pick(["more.yaml", "/etc/passwd"])},
            },
        ]
        return {name: self.pick(choices)}

    def _flow(self) -> Input:
        """A template in YAML, where tags, anchors and comments are."""
        kind = self.pick(types(cloudformation=True))
        known = fields(classes()[kind], kind) if kind in classes() else ()
        lines = [
            f"{self.pick(['', '', '%YAML 1.1', '---', '# ' + self._comment()])}",
            "Parameters:",
            f"  P: {{Type: String, Default: {self.raw(1)}}}",
            "Resources:",
            f"  R: {self.pick(['', '', '&a'])}",
            f"    Type: {kind} {self._comment()}",
            f"    Properties: {self._comment()}",
        ]
        for _ in range(self.chance.randint(0, 5)):
            name = (
                self.pick(known)[0][0] if known and self.maybe(0.9) else self.pick(["<<", "a", "?"])
            )
            value = self.raw(3)
            if self.maybe(0.1):
                mark = self.pick(["|", ">-", "|+2", ">9"])
                value = f"{mark}\n        {self.script()}".replace("\n", "\n        ")
            lines.append(f"      {name}: {value} {self._comment()}")
        lines.append(
            self.pick(
                [
                    "",
                    "",
                    "...",
                    "---\na: b",
                    f"Outputs: {'[' * 3000}",
                    "\t",
                    "Outputs: *a",
                    "{% if a %}",
                    "<% a %>",
                ]
            )
        )
        text = self.pick(["\n", "\n", "\n", "\r\n", "\r"]).join(lines)
        coding = self.pick(["utf-8"] * 8 + ["utf-16", "utf-8-sig"])
        return {"template.yaml": text.encode(coding, "surrogatepass")}

    def _comment(self) -> str:
        return f"# {self.suppression()}".replace("\n", " ") if self.maybe(0.1) else ""

    def raw(self, depth: int) -> str:
        """A YAML node in flow style."""
        kind = self.chance.randrange(8 if depth > 0 else 4)
        if kind == 0:
            return self.pick(NUMBERS)
        if kind < 3:
            return self.pick(_RAW)
        if kind == 3:
            return json.dumps(self.text())
        inner = [self.raw(depth - 1) for _ in range(3)]
        if kind == 4:
            return f"[{', '.join(inner[: self.chance.randint(0, 3)])}]"
        if kind == 5:
            keys = self.chance.sample(["Ingress", "Tags", "CidrIp", "FromPort", "Value", "<<"], 2)
            return f"{{{keys[0]}: {inner[0]}, {keys[1]}: {inner[1]}}}"
        name = self.pick(_FUNCTIONS)
        argument = self.pick([inner[0], f"[{', '.join(inner)}]", f"[C, {inner[0]}, {inner[1]}]"])
        if self.maybe(0.5):
            return f"!{name.removeprefix('Fn::')} {argument}"
        return f"{{'{name}': {argument}}}"
