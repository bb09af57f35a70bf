"""The same infrastructure in both languages comes to equal objects, spans aside."""

from __future__ import annotations

from tests.each import of_each
from tests.graph.declarations import declare
from tests.resources.case import Case, Pair, Single, cases

from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.values import Reference, Unknown, Value

CASES = [case for found in cases().values() for case in found]
CLASSES = sorted(set(classes().values()), key=lambda kind: kind.__name__)


def plain(data: object) -> object:
    """What a field came to, without spans."""
    if isinstance(data, Reference):
        return ("->", data.target)
    if isinstance(data, Unknown):
        return ("?", data.reason)
    if isinstance(data, Value):
        return plain(data.data)
    if isinstance(data, dict):
        return {key: plain(member) for key, member in data.items()}
    if isinstance(data, tuple):
        return [plain(element) for element in data]
    return data


def compared(one: Part, other: Part) -> tuple[dict[str, object], dict[str, object]]:
    """The fields that both languages can say, as plain data."""
    found: tuple[dict[str, object], dict[str, object]] = ({}, {})
    for field in type(one).fields():
        values = getattr(one, field.name), getattr(other, field.name)
        kinds = [part.resource_type for part in (one, other)]
        if not all(field.paths(kind) for kind in kinds) and field.name != "direction":
            continue
        if isinstance(values[0], Part):
            found[0][field.name], found[1][field.name] = compared(values[0], values[1])
        elif isinstance(values[0], tuple) and any(isinstance(v, Part) for v in values[0]):
            pairs = [compared(a, b) for a, b in zip(*values, strict=True)]
            found[0][field.name], found[1][field.name] = (
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
            )
        else:
            found[0][field.name], found[1][field.name] = plain(values[0]), plain(values[1])
    return found


@of_each([case for case in CASES if isinstance(case, Pair)])
def test_both_languages_give_equal_objects(case: Pair) -> None:
    one, other = (declare(type_, "x", body) for type_, body in case.written)
    assert type(one) is type(other)
    terraform, cloudformation = compared(one, other)
    assert terraform == cloudformation


@of_each([case for case in CASES if isinstance(case, Single)])
def test_one_language_gives_the_fields(case: Single) -> None:
    assert restricted(everything(declare(case.type, "x", case.body)), case.fields) == case.fields


def restricted(found: object, expected: object) -> object:
    """Of all fields those that are expected of it."""
    if isinstance(found, dict) and isinstance(expected, dict):
        return {name: restricted(found[name], expected[name]) for name in expected}
    if isinstance(found, list) and isinstance(expected, list):
        return [restricted(*pair) for pair in zip(found, expected, strict=True)]
    return found


@of_each(CASES)
def test_no_attribute_of_a_case_is_read_by_nobody(case: Case) -> None:
    # A misspelt path in a class reads nothing: both sides would be equal, and empty.
    for type_, body in case.written:
        full = declare(type_, "x", body)
        for name in body:
            less = declare(type_, "x", {key: one for key, one in body.items() if key != name})
            assert everything(full) != everything(less), f"{name} of {type_}"


def everything(part: Part) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in type(part).fields():
        said = getattr(part, field.name)
        if isinstance(said, Part):
            found[field.name] = everything(said)
        elif isinstance(said, tuple):
            found[field.name] = [everything(v) if isinstance(v, Part) else plain(v) for v in said]
        else:
            found[field.name] = plain(said)
    return found


@of_each(CLASSES)
def test_every_class_has_a_case(kind: type[Resource]) -> None:
    module = kind.__module__.rpartition(".")[2]
    tabled = {type_ for case in cases().get(module, ()) for type_, body in case.written if body}
    for language, types in (
        ("Terraform", kind.terraform),
        ("CloudFormation", kind.cloudformation),
    ):
        spelled = any(field.paths(type_) for field in kind.fields() for type_ in types)
        assert not spelled or tabled & set(types), (
            f"{kind.__name__} has no case in {language}: write one, a Pair where both languages "
            f"have it, into tests/resources/cases/{module}.py"
        )


@of_each(cases())
def test_cases_stand_in_the_file_of_their_class(module: str) -> None:
    for case in cases()[module]:
        for type_, _ in case.written:
            assert classes()[type_].__module__ == f"iac_ec2lint.resources.{module}"
