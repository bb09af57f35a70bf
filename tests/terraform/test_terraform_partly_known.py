"""As much as is certain: what is known of results though something in them is unknown."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.terraform.language.containers import Several
from iac_ec2lint.values import Reference, Unknown, Val, Value

GROUPS = """
variable "unset" {}
resource "aws_security_group" "a" {}
resource "aws_security_group" "b" {}
resource "aws_vpc" "v" {}
"""


def targets(value: Val) -> list[str | None]:
    assert isinstance(value, Value)
    return [e.target if isinstance(e, Reference) else e.text for e in value.elements()]


def test_ids_that_are_joined_and_split_again_are_the_same_ids(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          ids   = split(",", join(",", [aws_security_group.a.id, "sg-1", aws_security_group.b.id]))
          kept  = compact(split(",", join(",", [aws_vpc.v.cidr_block])))
          more  = split(",", "x,y-${aws_vpc.v.id},z")
          other = split(",", "x,${var.unset},z")
        }"""
    )
    assert targets(workspace.local("ids")) == [
        "aws_security_group.a",
        "sg-1",
        "aws_security_group.b",
    ]
    assert targets(workspace.local("kept")) == ["aws_vpc.v"]
    more = workspace.local("more")
    assert isinstance(more, Value)
    assert [plain(e) for e in more.elements()][::2] == ["x", "z"]
    assert unknown(more.elements()[1]).parts[0] == "y-"
    # An unset variable may hold a comma.
    other = workspace.local("other")
    assert isinstance(other, Value)
    assert plain(other.elements()[0]) == "x"
    assert len(other.elements()) == 2


def test_a_string_of_nothing_but_one_id_is_that_id(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          joined = join("", aws_security_group.a[*].id)
          within = "${""}${aws_security_group.a.id}"
          longer = "x${aws_security_group.a.id}"
        }"""
    )
    for name in ("joined", "within"):
        value = workspace.local(name)
        assert isinstance(value, Reference)
        assert value.target == "aws_security_group.a"
    assert not isinstance(workspace.local("longer"), Reference)


def test_ids_of_two_resources_are_two(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          list  = distinct(concat([aws_security_group.a.id], [aws_security_group.b.id]))
          set   = length(toset([aws_security_group.a.id, aws_security_group.b.id]))
          maybe = length(distinct([aws_security_group.a.id, var.unset]))
          twice = length(distinct([aws_security_group.a.id, aws_security_group.a.id]))
        }"""
    )
    assert targets(workspace.local("list")) == ["aws_security_group.a", "aws_security_group.b"]
    assert workspace.plain("set") == 2
    unknown(workspace.local("maybe"))
    unknown(workspace.local("twice"))


def test_the_number_of_subnets_does_not_hang_on_their_addresses(workspace: Workspace) -> None:
    workspace.evaluate(
        'variable "cidr" { type = string }\n'
        "locals {\n  all = cidrsubnets(var.cidr, 4, 4, 8)\n  n = length(local.all)\n}"
    )
    assert workspace.plain("n") == 3


def test_a_member_that_an_unknown_key_may_replace_is_not_certain(workspace: Workspace) -> None:
    workspace.evaluate(
        """variable "k" { type = string }
        locals {
          before = { a = 1, (var.k) = 2 }.a
          after  = { (var.k) = 2, a = 1 }.a
          other  = { a = 1, "x-${var.k}" = 2 }.a
        }"""
    )
    assert [plain(c) for c in unknown(workspace.local("before")).candidates] == [1, 2]
    assert workspace.plain("after") == 1
    assert workspace.plain("other") == 1
    assert workspace.messages() == []


@pytest.mark.parametrize(
    "text",
    [
        '{ "${var.issuer}:sub" = "a", "x" = "b" }',
        'tomap({ "${var.issuer}:sub" = "a", "x" = "b" })',
        'nonsensitive(sensitive({ "${var.issuer}:sub" = "a", "x" = "b" }))',
        'ephemeralasnull({ "${var.issuer}:sub" = "a", "x" = "b" })',
        'jsondecode(jsonencode({ "${var.hidden}:sub" = "a", "x" = "b" }))',
    ],
)
def test_what_is_known_of_a_name_stays_known(workspace: Workspace, text: str) -> None:
    workspace.evaluate(
        f"""
        variable "issuer" {{}}
        variable "hidden" {{ sensitive = true }}
        locals {{ made = {text} }}
        """
    )
    members = unknown(workspace.local("made")).members()
    assert members is not None
    found = [
        (key.text if isinstance(key, Value) else key.parts[-1], plain(value))
        for key, value in members
    ]
    assert found == [("x", "b"), (":sub", "a")]


def test_an_argument_that_is_tried_keeps_its_identity(workspace: Workspace) -> None:
    workspace.evaluate(
        """variable "ami" { default = null }
        data "aws_ssm_parameter" "p" {
          count = 1
          name  = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
        }
        locals {
          ami = try(
            coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.p[0].value), null)), null)
        }"""
    )
    value = unknown(workspace.local("ami"))
    assert [(r.target, r.attribute) for r in value.references] == [
        ("data.aws_ssm_parameter.p[0]", "value")
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('length(slice(concat(["a", "b"], var.unset), 0, 1))', 1),
        ('element(concat(["a", "b"], var.unset), 0)', "a"),
        ('element(slice(concat(["a", "b"], var.unset), 0, 1), 1)', "a"),
        ('reverse(slice(concat(["a", "b"], var.unset), 0, 2))', ["b", "a"]),
        ('one(slice(concat(["a", "b"], var.unset), 0, 1))', "a"),
        ('length(slice(concat(["a", "b"], var.unset), 1, 1))', 0),
        ('length(slice(tolist(toset(["b", var.unset])), 0, 0))', 0),
    ],
)
def test_a_slice_of_what_is_certain_is_certain(
    workspace: Workspace, expression: str, expected: object
) -> None:
    workspace.evaluate(f'variable "unset" {{}}\nlocals {{\n  x = {expression}\n}}\n')
    assert workspace.plain("x") == expected
    assert workspace.messages() == []


@pytest.mark.parametrize("picked", ["element({}, 0)", "element({}, 1)", "{}[0]", "{}[1]"])
def test_no_place_in_a_set_with_an_unknown_element_is_certain(
    workspace: Workspace, picked: str
) -> None:
    elements = 'tolist(toset(["b", var.unset]))'
    workspace.evaluate(f'variable "unset" {{}}\nlocals {{\n  x = {picked.format(elements)}\n}}\n')
    found = unknown(workspace.local("x"))
    assert plain(found.candidates[0]) == "b"
    assert len(found.candidates) == 2
    assert workspace.messages() == []


def test_a_name_that_may_not_be_written_is_the_one_that_is_made(workspace: Workspace) -> None:
    workspace.evaluate(
        """
        variable "unset" {}
        resource "aws_iam_user" "u" { name = var.unset == 1 ? "u" : null }
        locals { name = aws_iam_user.u.name }
        """
    )
    name = unknown(workspace.local("name"))
    assert isinstance(name, Reference)
    assert not name.unset
    assert [c.text for c in name.candidates if isinstance(c, Value)] == ["u"]
    assert [c.target for c in name.candidates if isinstance(c, Reference)] == ["aws_iam_user.u"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a-${var.unset}" == "b-x"', False),
        ('"${var.unset}-a" == "x-b"', False),
        ('"${var.unset}-b" != "x-a"', True),
        ('"x-a" == "${var.unset}-b"', False),
        ('"aa${var.unset}aa" == "aaa"', False),
        ('"a-${var.unset}" == "a-"', None),
        ('"${var.unset}-b" == "x-b"', None),
        ('"a${var.unset}b" == "ab"', None),
    ],
)
def test_known_parts_of_a_string_tell_it_from_another(
    workspace: Workspace, expression: str, expected: bool | None
) -> None:
    workspace.evaluate(f'variable "unset" {{}}\nlocals {{\n  x = {expression}\n}}\n')
    assert workspace.local("x").boolean is expected
    assert workspace.messages() == []


DECLARED = """
variable "unset" {}
variable "on" { type = bool }
variable "names" { type = list(string) }
variable "objects" { type = list(object({ a = string })) }
data "aws_vpc" "one" {}
"""


@pytest.mark.parametrize(
    "first", ["var.unset.a", 'var.unset["a"]', "var.unset[0]", "var.names[0]", "var.objects[0].a"]
)
def test_what_may_not_be_there_leaves_the_next_argument_of_try(
    workspace: Workspace, first: str
) -> None:
    workspace.evaluate(f'{DECLARED}locals {{\n  x = try({first}, "x")\n}}\n')
    there, other = unknown(workspace.local("x")).candidates
    assert isinstance(there, Unknown)
    assert plain(other) == "x"
    assert workspace.messages() == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('(var.on ? [["a"]] : [["b"]])', "var.on has no value"),
        ("var.unset", "var.unset has no value"),
        ("[var.unset].0", "var.unset has no value"),
    ],
)
def test_a_call_with_unknown_arguments_is_not_one_of_their_lists(
    workspace: Workspace, arguments: str, reason: str
) -> None:
    workspace.evaluate(f"{DECLARED}locals {{\n  x = concat({arguments}...)\n}}\n")
    value = unknown(workspace.local("x"))
    assert value.span.text == f"concat({arguments}...)"
    assert (value.reason, value.candidates) == (reason, ())


@pytest.mark.parametrize("first", ["aws_vpc.maybe[0].cidr_block", "[aws_vpc.maybe[0].cidr_block]"])
def test_what_may_not_be_there_is_not_surely_that_of_try_because_it_is_written(
    workspace: Workspace, first: str
) -> None:
    workspace.evaluate(
        DECLARED
        + f"""resource "aws_vpc" "maybe" {{
          count      = var.on ? 1 : 0
          cidr_block = "10.0.0.0/16"
        }}
        locals {{
          x      = try({first}, "x")
          nested = try(try({first}, "x"), "y")
          can    = can({first})
          sure   = try(merge(var.unset, {{ a = "z" }}).a, "x")
        }}"""
    )
    either = unknown(workspace.local("x"))
    there, other = map(plain, either.candidates)
    assert there in ("10.0.0.0/16", ["10.0.0.0/16"])
    assert (other, either.reason) == ("x", "var.on has no value")
    assert len(unknown(workspace.local("nested")).candidates) == 2
    assert unknown(workspace.local("can")).reason == "var.on has no value"
    assert plain(workspace.local("sure")) == "z"
    assert workspace.messages() == []


def test_a_splat_of_one_of_two_lists_is_of_each(workspace: Workspace) -> None:
    workspace.evaluate(
        DECLARED
        + """locals {
          some    = (var.on ? [{ a = "x" }] : [])[*].a
          listed  = var.objects[*].a
          one     = data.aws_vpc.one[*].id
          nothing = (var.on ? null : { a = 1 })[*].a
        }"""
    )
    some = unknown(workspace.local("some")).candidates
    assert [plain(c) for c in some] == [["x"], []]
    assert [[step.words for step in c.via] for c in some] == [
        ["when var.on is true"],
        ["when var.on is false"],
    ]
    assert [plain(c) for c in unknown(workspace.local("nothing")).candidates] == [[], [1]]
    assert targets(workspace.local("one")) == ["data.aws_vpc.one"]
    (element,) = workspace.local("listed").elements()
    assert isinstance(element, Several)
    assert unknown(element.element).reason == "var.objects has no value"


def test_a_splat_of_an_id_is_a_list_of_it_and_of_a_text_one_of_one_at_most(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        DECLARED
        + """variable "text" { type = string }
        resource "aws_vpc" "made" {}
        locals {
          ids   = { made = aws_vpc.made.id, none = null }
          made  = flatten([for id in values(local.ids) : id[*]])
          text  = var.text[*]
          lists = aws_vpc.made.some_things[*]
        }"""
    )
    assert targets(workspace.local("made")) == ["aws_vpc.made"]
    (element,) = workspace.local("text").elements()
    assert isinstance(element, Several)
    assert unknown(element.element).reason == "var.text has no value"
    assert isinstance(workspace.local("lists"), Unknown)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{ a = false, b = false }[var.unset]", 2),
        ("{ a = true, b = true }[var.unset]", 1),
        ("[true, true][var.unset]", 1),
        ("(var.unset ? false : false)", 2),
        ("{ a = true, b = false }[var.unset]", None),
    ],
)
def test_a_condition_that_is_the_same_in_all_cases_is_decided(
    workspace: Workspace, condition: str, expected: int | None
) -> None:
    workspace.evaluate(GROUPS + f"locals {{\n  x = {condition} ? 1 : 2\n}}\n")
    value = workspace.local("x")
    assert workspace.messages() == []
    assert (plain(value) if isinstance(value, Value) else None) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('lookup(merge(var.map, { a = "x" }), "a", "d")', "x"),
        ('lookup(merge(var.map, { a = "x" }), "a")', "x"),
        ('merge(var.map, { a = "x" })["a"]', "x"),
    ],
)
def test_what_is_merged_over_an_unknown_map_is_known(
    workspace: Workspace, expression: str, expected: str
) -> None:
    declared = 'variable "map" { type = map(string) }\n'
    workspace.evaluate(f"{declared}locals {{\n  x = {expression}\n}}\n")
    assert workspace.plain("x") == expected


def test_what_may_be_in_an_unknown_map_leaves_the_default(workspace: Workspace) -> None:
    workspace.evaluate(
        """
        variable "map" { type = map(string) }
        locals { x = lookup(merge(var.map, { a = "x" }), "b", "d") }
        """
    )
    inside, default = unknown(workspace.local("x")).candidates
    assert isinstance(inside, Unknown)
    assert plain(default) == "d"


def test_what_is_the_same_everywhere_is_evaluated_once(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        'resource "aws_vpc" "v" {\n  count = 2\n  tags  = { a = upper("b"), c = [1, 2] }\n}\n'
    )
    first, second = (declared.body.get("tags") for declared in unit.declarations)
    assert first is second


def test_what_compact_leaves_out_is_none_of_what_an_element_can_be(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          kept   = compact([var.unset == "x" ? "1" : "", var.unset == "y" ? "" : "", "2"])
          number = element(["a", "b", "c"], element(local.kept, 0))
          same   = compact([var.unset == "x" ? "1" : "0"])
        }"""
    )
    assert workspace.messages() == []
    kept = workspace.local("kept")
    assert isinstance(kept, Value)
    first, last = kept.elements()
    assert isinstance(first, Several)
    assert plain(first.element) == "1"
    assert plain(last) == "2"
    same = workspace.local("same")
    assert isinstance(same, Value)
    assert [c.text for c in unknown(same.elements()[0]).candidates] == ["1", "0"]


def test_texts_that_are_joined_of_lists_that_a_condition_chooses(workspace: Workspace) -> None:
    workspace.evaluate(
        """
        variable "extra" { type = bool }
        variable "third" { type = bool }
        variable "more" { type = list(string) }
        locals {
          between = join(",", concat(["a"], var.extra ? ["b", "c"] : [], ["d"]))
          nested  = join(",", flatten(["a", var.extra ? ["b", "c"] : [], "d"]))
          both    = join(",", concat(var.extra ? ["x"] : [], var.third ? ["y"] : [], ["z"]))
          twice   = join(",", concat(var.extra ? ["x"] : [], var.extra ? ["y"] : [], ["z"]))
          numbers = join(" ", tolist(concat(["z"], var.extra ? ["b", 1] : [])))
          sorted  = join(",", sort(concat(["z"], var.extra ? ["b"] : [])))
          set     = join(",", toset(concat(["z"], var.extra ? ["b"] : [])))
          few     = join(",", distinct(concat(["a"], var.extra ? ["a"] : [])))
          mapped  = join(",", [for one in concat(["a"], var.extra ? ["b"] : []) : upper(one)])
          rest    = join(",", concat(["a"], var.more, ["b"]))
          first   = join(",", concat(var.more, ["b"]))
          lines   = join("\\n", concat(["a"], var.more, ["b"]))
        }"""
    )
    assert texts(workspace.local("between")) == ["a,b,c,d", "a,d"]
    assert texts(workspace.local("nested")) == ["a,b,c,d", "a,d"]
    assert texts(workspace.local("both")) == ["x,y,z", "x,z", "y,z", "z"]
    assert texts(workspace.local("twice")) == ["x,y,z", "z"]
    assert texts(workspace.local("numbers")) == ["z b 1", "z"]
    for name in ("sorted", "set", "few", "mapped"):
        assert not unknown(workspace.local(name)).candidates
    # What may be there brings its separator along; lines stay lines.
    assert known_parts(workspace.local("rest")) == ["a", None, ",b"]
    assert known_parts(workspace.local("first")) == [None, "b"]
    assert known_parts(workspace.local("lines")) == ["a\n", None, "\nb"]


def texts(value: Val) -> list[str | None]:
    return [one.text for one in unknown(value).candidates]


def known_parts(value: Val) -> list[str | None]:
    return [part if isinstance(part, str) else None for part in unknown(value).parts]


def test_elements_of_lists_that_a_condition_chooses(workspace: Workspace) -> None:
    workspace.evaluate(
        """
        variable "extra" { type = bool }
        variable "more" { type = list(string) }
        locals {
          list   = concat(var.extra ? ["a"] : [], ["b"])
          first  = local.list[0]
          second = local.list[1]
          tried  = try(local.list[1], "none")
          last   = local.list[length(local.list) - 1]
          length = length(local.list)
          turned = element(local.list, 1)
          open   = concat(var.more, ["b"])[0]
          sorted = sort(local.list)[0]
        }"""
    )
    assert texts(workspace.local("first")) == ["a", "b"]
    assert texts(workspace.local("second")) == ["b"]
    assert [plain(one) for one in unknown(workspace.local("length")).candidates] == [2, 1]
    assert set(texts(workspace.local("last"))) == {"b"}
    assert texts(workspace.local("turned")) == ["b", "b"]
    assert unknown(workspace.local("open")).candidates != ()
    tried = workspace.local("tried")
    assert isinstance(tried, Unknown)
    assert {one.text for one in tried.candidates} in (set(), {"b", "none"})


def test_indented_text_is_known_as_far_as_it_was(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          known = indent(2, "a\\nb")
          text  = indent(2, "a\\n${aws_vpc.v.id}\\nb")
          one   = indent(4, aws_vpc.v.id)
          wide  = indent(var.unset, "a\\n${aws_vpc.v.id}")
        }"""
    )
    assert plain(workspace.local("known")) == "a\n  b"
    first, piece, last = unknown(workspace.local("text")).parts
    assert (first, last) == ("a\n  ", "\n  b")
    assert isinstance(piece, Reference)
    assert piece.target == "aws_vpc.v"
    assert [isinstance(part, Reference) for part in unknown(workspace.local("one")).parts] == [True]
    assert unknown(workspace.local("wide")).parts == ()


def test_a_product_with_an_unknown_list_keeps_what_is_known(workspace: Workspace) -> None:
    workspace.evaluate(
        GROUPS
        + """locals {
          pairs  = setproduct(["a", "b"], var.unset)
          nested = [for pair in setproduct(["a", "b"], var.unset) : pair[0]]
          none   = setproduct([], var.unset)
          wholly = setproduct(var.unset, var.unset)
        }"""
    )
    pairs = workspace.local("pairs")
    assert isinstance(pairs, Value)
    rows = pairs.elements()
    assert all(isinstance(row, Several) for row in rows)
    firsts = [row.element.elements()[0].text for row in rows if isinstance(row, Several)]
    assert firsts == ["a", "b"]
    nested = workspace.local("nested")
    assert [e.element.text for e in nested.elements() if isinstance(e, Several)] == ["a", "b"]
    assert plain(workspace.local("none")) == []
    assert isinstance(workspace.local("wholly"), Unknown)
