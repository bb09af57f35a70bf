"""What the resources of a plan come to, by its configuration alone and beside its sources."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.declaration import Declaration, Section, Unit
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.registry import typed, types
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.plan.unit import Plans
from iac_ec2lint.terraform.unit import Modules
from iac_ec2lint.values import Reference, Unknown, Val, Value

PLANS = Path(__file__).parents[2] / "plans"
CASES = sorted(folder for folder in PLANS.iterdir() if folder.is_dir())


def read(case: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PLANS / case / "plan.json").read_text("utf-8"))
    return content


def unit_of(plan: dict[str, Any], folder: Path, source_root: Path | None = None) -> Unit:
    """What a plan comes to that stands alone in a folder."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), "utf-8")
    files = Files(Path("/"), folder)
    modules = Modules(files, RootModuleOptions())
    return Plans(files, lambda: modules, source_root).evaluate(path, types())


def declared(plan: dict[str, Any], folder: Path) -> dict[str, Declaration]:
    unit = unit_of(plan, folder)
    assert unit.diagnostics == []
    return {one.address: one for one in unit.declarations}


def change(plan: dict[str, Any], address: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in plan["resource_changes"] if one["address"] == address
    )
    return found


def block(plan: dict[str, Any], address: str) -> dict[str, Any]:
    root = plan["configuration"]["root_module"]
    found: dict[str, Any] = next(one for one in root["resources"] if one["address"] == address)
    return found


def targets(value: Val | None) -> list[str]:
    """What a value refers to, one by one."""
    if isinstance(value, Value) and isinstance(value.data, tuple):
        return [text for element in value.data for text in targets(element)]
    if isinstance(value, Unknown) and value.candidates:
        return ["or " + text for candidate in value.candidates for text in targets(candidate)]
    if isinstance(value, Reference):
        return [f"{value.target}.{value.attribute}".rstrip(".")]
    return ["?"] if isinstance(value, Unknown) else []


def test_references_lead_through_outputs_and_indexes(tmp_path: Path) -> None:
    app = declared(read("absent_module"), tmp_path)["aws_instance.app"]
    assert targets(app.body.get("subnet_id")) == ["module.network.aws_subnet.public[0]"]
    assert targets(app.body.get("vpc_security_group_ids")) == [
        "aws_security_group.app.id",
        "module.network.aws_security_group.open.id",
    ]


@pytest.mark.parametrize(
    ("exported", "expected"),
    [
        (["aws_subnet.public"], ["module.network.aws_subnet.public[0]"]),
        (
            ["aws_subnet.public", "aws_subnet.other"],
            [
                "or module.network.aws_subnet.public[0]",
                "or module.network.aws_subnet.public[1]",
                "or module.network.aws_subnet.other",
            ],
        ),
        (["aws_subnet.public[1]", "aws_subnet.public"], ["module.network.aws_subnet.public[1]"]),
        (["var.subnets"], ["?"]),
    ],
)
def test_an_index_into_an_output_picks_where_it_is_of_one_block(
    exported: list[str], expected: list[str], tmp_path: Path
) -> None:
    plan = read("absent_module")
    module = plan["configuration"]["root_module"]["module_calls"]["network"]["module"]
    module["outputs"]["public_subnets"]["expression"]["references"] = exported
    app = declared(plan, tmp_path)["aws_instance.app"]
    assert targets(app.body.get("subnet_id")) == expected


def test_references_lead_through_arguments(tmp_path: Path) -> None:
    found = declared(read("module_for_each"), tmp_path)
    for key in ("inside", "outside"):
        group = found[f'module.hosts["{key}"].aws_security_group.this']
        assert targets(group.body.get("vpc_id")) == ["aws_vpc.main.id"]
        rule = found[f'module.hosts["{key}"].aws_security_group_rule.ssh']
        assert targets(rule.body.get("security_group_id")) == [f"{group.address}.id"]
    rule = found["aws_vpc_security_group_ingress_rule.admin"]
    assert targets(rule.body.get("security_group_id")) == [
        'module.hosts["outside"].aws_security_group.this.id'
    ]


def test_an_index_that_both_blocks_count_is_followed(tmp_path: Path) -> None:
    found = declared(read("count_and_dynamic"), tmp_path)
    for index in (0, 1):
        host = found[f"aws_instance.front[{index}]"]
        assert targets(host.body.get("subnet_id")) == [f"aws_subnet.front[{index}]"]


def test_an_index_into_a_block_of_another_number_may_mean_any(tmp_path: Path) -> None:
    plan = read("count_and_dynamic")
    third = copy.deepcopy(change(plan, "aws_instance.front[1]"))
    third.update(address="aws_instance.front[2]", index=2)
    plan["resource_changes"].append(third)
    host = declared(plan, tmp_path)["aws_instance.front[1]"]
    assert targets(host.body.get("subnet_id")) == [
        "or aws_subnet.front[0]",
        "or aws_subnet.front[1]",
    ]


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["aws_subnet.a.id", "aws_subnet.a"], ["aws_subnet.a.id"]),
        (["var.on", "aws_subnet.a.id", "aws_subnet.a"], ["aws_subnet.a.id"]),
        (
            ["var.on", "aws_subnet.a.id", "aws_subnet.a", "aws_vpc.b.id", "aws_vpc.b"],
            ["or aws_subnet.a.id", "or aws_vpc.b.id"],
        ),
        (["local.subnet", "aws_subnet.a.id", "aws_subnet.a"], ["?"]),
        (["local.subnet"], ["?"]),
        (["data.aws_subnet.x.id", "data.aws_subnet.x"], ["data.aws_subnet.x.id"]),
        (["aws_subnet.a", "]["], ["aws_subnet.a"]),
        ([], ["?"]),
    ],
)
def test_what_a_plan_tells_of_an_expression_and_no_more(
    references: list[str], expected: list[str], tmp_path: Path
) -> None:
    plan = read("one_module")
    block(plan, "aws_instance.web")["expressions"]["subnet_id"] = {"references": references}
    host = declared(plan, tmp_path)["aws_instance.web"]
    assert targets(host.body.get("subnet_id")) == expected


def test_a_set_that_a_dynamic_block_may_make_is_unknown(tmp_path: Path) -> None:
    plan = read("one_module")
    address = next(a["address"] for a in plan["resource_changes"] if a["type"] == "aws_route_table")
    del block(plan, address)["expressions"]["route"]  # a plan leaves dynamic blocks out
    [route] = declared(plan, tmp_path)[address].body.sections("route")
    assert isinstance(route.get("gateway_id"), Unknown)

    # Routes are declared apart from their table: nobody writes them in both places.
    change_of = {"address": "aws_route.out", "mode": "managed", "type": "aws_route", "name": "out"}
    made = {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"id": True}}
    plan["resource_changes"].append({**change_of, "change": made})
    refers = {"references": [f"{address}.id", address]}
    plan["configuration"]["root_module"]["resources"].append(
        {**change_of, "expressions": {"route_table_id": refers}}
    )
    assert declared(plan, tmp_path)[address].body.sections("route") == ()


def test_a_member_of_a_list_that_is_an_expression_may_be_written(tmp_path: Path) -> None:
    plan = read("one_module")
    address = next(a["address"] for a in plan["resource_changes"] if a["type"] == "aws_route_table")
    to = ["aws_internet_gateway.main.id", "aws_internet_gateway.main"]
    block(plan, address)["expressions"]["route"] = {"references": to}
    table = change(plan, address)["change"]
    table["after"]["route"] = [{"cidr_block": "0.0.0.0/0"}]
    table["after_unknown"]["route"] = [{"gateway_id": True}]
    [route] = declared(plan, tmp_path)[address].body.sections("route")
    assert targets(route.get("gateway_id")) == [to[0]]


def test_an_unknown_that_nobody_wrote_is_absent(tmp_path: Path) -> None:
    host = declared(read("one_module"), tmp_path)["aws_instance.web"]
    options = host.body.section("metadata_options")
    assert options is not None
    assert options.get("http_put_response_hop_limit") is None
    assert host.body.sections("ebs_block_device") == ()
    assert host.body.get("availability_zone") is None
    assert set(options.names()) == {"http_endpoint", "http_tokens"}


def test_known_ids_keep_their_identity(tmp_path: Path) -> None:
    found = declared(read("changes"), tmp_path)
    groups = found["aws_instance.running"].body.get("vpc_security_group_ids")
    assert isinstance(groups, Value)
    (group,) = groups.elements()
    assert group.text == "sg-0aaaaaaaaaaaaaaa1"
    assert group.of is not None
    assert (group.of.target, group.of.attribute) == ("aws_security_group.stay", "id")


def test_what_goes_is_left_out_and_what_stays_is_not(tmp_path: Path) -> None:
    found = declared(read("changes"), tmp_path)
    assert set(found) == {
        "aws_ebs_volume.replaced",
        "aws_instance.running",
        "aws_security_group.stay",
        "aws_security_group.update",
        "aws_security_group_rule.https",
        "aws_security_group_rule.ssh",
        "provider.aws",
    }
    encrypted = found["aws_ebs_volume.replaced"].body.get("encrypted")
    assert encrypted is not None
    assert encrypted.boolean is True


def test_rules_in_aws_count_unless_resources_of_their_own_say_them(tmp_path: Path) -> None:
    plan = read("changes")
    assert declared(plan, tmp_path)["aws_security_group.stay"].body.sections("ingress") == ()
    plan["resource_changes"] = [
        one for one in plan["resource_changes"] if one["type"] != "aws_security_group_rule"
    ]
    del plan["planned_values"]
    kept = declared(plan, tmp_path)["aws_security_group.stay"].body.sections("ingress")
    assert [str(rule.get("from_port")) for rule in kept] == ["Value(22)", "Value(443)"]


def test_provider_configurations_are_told_apart(tmp_path: Path) -> None:
    scopes = {a: one.scope for a, one in declared(read("providers"), tmp_path).items()}
    assert scopes == {
        "aws_ebs_encryption_by_default.west": "aws.west",
        "aws_ebs_volume.east": "aws",
        "aws_ebs_volume.west": "aws.west",
        "module.copy.aws_ebs_volume.here": "aws",
        "provider.aws": "aws",
        "provider.aws.west": "aws.west",
        "module.copy.aws_ebs_volume.there": "aws.west",
        "module.copy.module.deep.aws_ebs_volume.this": "aws.west",
    }


def test_a_region_of_its_own_is_another_scope(tmp_path: Path) -> None:
    plan = read("providers")
    change(plan, "aws_ebs_volume.east")["change"]["after"]["region"] = "eu-west-1"
    block(plan, "aws_ebs_volume.east")["expressions"]["region"] = {"constant_value": "eu-west-1"}
    change(plan, "aws_ebs_volume.west")["change"]["after"]["region"] = "us-west-2"
    found = declared(plan, tmp_path)
    assert found["aws_ebs_volume.east"].scope == "aws@eu-west-1"
    assert found["aws_ebs_volume.west"].scope == "aws.west"
    assert found["aws_ebs_volume.east"].region == "eu-west-1"
    assert found["aws_ebs_volume.west"].region == "us-west-2"


def test_a_policy_known_after_apply_is_known_in_part(tmp_path: Path) -> None:
    endpoint = declared(read("data_sources"), tmp_path)["aws_vpc_endpoint.bucket"]
    policy = endpoint.body.get("policy")
    assert isinstance(policy, Reference)
    assert policy.target == "data.aws_iam_policy_document.bucket"
    assert isinstance(policy.decoded, Value)
    (statement,) = policy.decoded.items()["Statement"].elements()
    assert isinstance(statement, Value)
    assert statement.items()["Principal"] == Value("*", statement.span)
    resources = statement.items()["Resource"]
    assert targets(resources) == ["aws_s3_bucket.store.arn"]


def test_a_hash_of_user_data_is_not_taken_for_it(tmp_path: Path) -> None:
    plan = read("changes")
    running = change(plan, "aws_instance.running")["change"]["after"]
    running["user_data"] = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    block(plan, "aws_instance.running")["expressions"]["user_data"] = {}
    host = declared(plan, tmp_path)["aws_instance.running"]
    assert isinstance(host.body.get("user_data"), Unknown)
    written = block(plan, "aws_instance.running")["expressions"]
    written["user_data"] = {"constant_value": ""}
    known = declared(plan, tmp_path)["aws_instance.running"].body.get("user_data")
    assert known is not None
    assert known.text == ""


def test_deferred_resources_are_possible(tmp_path: Path) -> None:
    plan = read("one_module")
    moved = change(plan, "aws_ebs_volume.plain")
    plan["resource_changes"].remove(moved)
    del plan["planned_values"]
    plan["deferred_changes"] = [{"reason": "instance_count_unknown", "resource_change": moved}]
    assert not declared(plan, tmp_path)["aws_ebs_volume.plain"].presence.certain


def test_sensitive_values_are_in_no_message(tmp_path: Path) -> None:
    plan = read("opentofu")
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path))
    texts = [f.message for f in report.findings]
    texts += [hop.message for f in report.findings for hop in f.evidence]
    assert any("(sensitive value)" in text for text in texts)
    assert not any("203.0" in text for text in texts)


def marks(value: Val | None) -> Any:
    """Whether a value is marked, and which of its parts are."""
    assert value is not None
    if value.marks:
        assert value.marks == {"sensitive"}
        return True
    data = value.data if isinstance(value, Value) else None
    if isinstance(data, dict):
        return {name: marks(member) for name, member in data.items()}
    return [marks(element) for element in data] if isinstance(data, tuple) else False


SENSITIVE: list[tuple[dict[str, Any], dict[str, Any], Any]] = [
    ({"ami": "ami-1"}, {}, {"ami": False}),
    ({"ami": "ami-1", "tags": {"a": "b"}}, {"ami": True}, {"ami": True, "tags": {"a": False}}),
    ({"tags": {"a": "b", "c": "d"}}, {"tags": {"a": True}}, {"tags": {"a": True, "c": False}}),
    ({"tags": {"a": "b"}}, {"tags": True}, {"tags": True}),
    ({"ipv6_addresses": ["x", "y"]}, {"ipv6_addresses": [False, True]},
     {"ipv6_addresses": [False, True]}),
    # Marks of another shape than the value has: all of it, rather than too little.
    ({"ipv6_addresses": ["x", "y"]}, {"ipv6_addresses": [True]}, {"ipv6_addresses": True}),
    ({"tags": {"a": "b"}}, {"tags": [True]}, {"tags": True}),
    ({"tags": {"a": "b"}}, {"tags": [False, {}]}, {"tags": {"a": False}}),
]  # fmt: skip


@pytest.mark.parametrize(("after", "sensitive", "want"), SENSITIVE)
@pytest.mark.parametrize("where", ["changes", "planned values"])
def test_values_have_the_marks_that_the_plan_says(
    tmp_path: Path, after: dict[str, Any], sensitive: dict[str, Any], want: Any, where: str
) -> None:
    plan = read("one_module")
    del plan["configuration"]
    address = "aws_instance.app"
    for key in ("resource_changes", "planned_values"):
        plan.pop(key, None)
    one: dict[str, Any] = {"address": address, "mode": "managed", "type": "aws_instance"}
    one["name"] = "app"
    if where == "changes":
        one["change"] = {"actions": ["create"], "after": after, "after_sensitive": sensitive}
        plan["resource_changes"] = [one]
    else:
        one.update(values=after, sensitive_values=sensitive)
        plan["planned_values"] = {"root_module": {"resources": [one]}}
    body = declared(plan, tmp_path)[address].body
    assert {name: marks(body.get(name)) for name in after} == want


def test_blocks_of_a_plan_are_marked_one_by_one(tmp_path: Path) -> None:
    plan = read("one_module")
    rules = [{"from_port": 22, "cidr_blocks": ["10.0.0.0/8"]}, {"from_port": 80}]
    made = change(plan, "aws_security_group.web")["change"]
    made["after"] = {"name": "web", "ingress": rules, "egress": [{"from_port": 0}]}
    made["after_unknown"] = {}
    made["after_sensitive"] = {"ingress": [{"cidr_blocks": [True]}, True], "egress": True}
    body = declared(plan, tmp_path)["aws_security_group.web"].body
    first, second = body.sections("ingress")
    assert marks(first.get("from_port")) is False
    assert marks(first.get("cidr_blocks")) == [True]
    assert marks(second.get("from_port")) is True
    assert marks(body.sections("egress")[0].get("from_port")) is True


def test_what_a_variable_or_an_output_hides_is_quoted_nowhere(tmp_path: Path) -> None:
    plan = read("one_module")
    root = plan["configuration"]["root_module"]
    root["variables"] = {"a": {"sensitive": True}, "b": {}, "c": {"ephemeral": True}}
    root["outputs"] = {"x": {"sensitive": True}, "y": {}}
    plan["variables"] = {"a": {"value": ["hunter2", 4711]}, "b": {"value": "plain"}}
    plan["variables"]["c"] = {"value": {"k": "passing"}}
    plan["planned_values"]["outputs"] = {"x": {"value": "secret"}, "y": {"value": "known"}}
    secrets = unit_of(plan, tmp_path).secrets
    assert {"hunter2", "4711", "passing", "secret"} <= secrets
    assert secrets.isdisjoint({"plain", "known"})


def test_lines_with_values_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(read("opentofu")), "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path))
    assert {f.span.source.line(f.span.line) for f in report.findings} == {""}
    (tmp_path / "plan.json").write_text(json.dumps(read("opentofu"), indent=1), "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path))
    shown = {f.span.source.line(f.span.line).strip() for f in report.findings}
    assert shown == {'"address": "aws_instance.jump",', '"address": "aws_security_group.jump",'}


def test_callers_are_told_as_far_as_the_sources_go(tmp_path: Path) -> None:
    unit = unit_of(read("absent_module"), tmp_path, PLANS / "absent_module")
    steps = {one.address: [step.words for step in one.callers] for one in unit.declarations}
    assert steps["module.network.aws_vpc.this[0]"] == ["module.network is called here"]
    assert steps["aws_instance.app"] == []
    assert unit.modules_unavailable == {}


def test_a_plan_without_configuration_is_read(tmp_path: Path) -> None:
    plan = read("one_module")
    del plan["configuration"]
    found = declared(plan, tmp_path)
    rules = found["aws_security_group.web"].body.sections("ingress")
    assert len(rules) == 2
    assert isinstance(found["aws_instance.web"].body.get("subnet_id"), Unknown)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a plan."""
    found = [path]
    if isinstance(node, dict):
        found += [one for key, inner in node.items() for one in places(inner, (*path, key))]
    elif isinstance(node, list):
        found += [one for at, inner in enumerate(node) for one in places(inner, (*path, at))]
    return found


def replaced(plan: Any, path: Sequence[Any], value: Any) -> Any:
    changed = copy.deepcopy(plan)
    if not path:
        return value
    node = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return changed


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "x", "aws_vpc.main[", "1"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)


def ask_everything(section: Section, depth: int = 0) -> None:
    for name in (*section.names(), "nothing"):
        section.get(name)
        for inner in section.sections(name) if depth < 5 else ():
            ask_everything(inner, depth + 1)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_part_of_a_plan_is_taken_for_granted(
    case: Path, data: st.DataObject, tmp_path: Path
) -> None:
    plan = read(case.name)
    for _ in range(data.draw(st.integers(1, 3))):
        every = places(plan)
        chosen = data.draw(st.integers(1, max(len(every) - 1, 1)))
        plan = replaced(plan, every[chosen], data.draw(JSON))
    for root in (None, case):
        unit = unit_of(plan, tmp_path, root)
        for one in unit.declarations:
            assert one.span.line >= 1
            ask_everything(one.body)
        made = [typed(one) for one in unit.declarations]
        resources = [one for one in made if not isinstance(one, Auxiliary)]
        assert len(list(Graph(made).all(Resource))) >= len(resources)
