"""What holds for every resource type that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.each import of_each

from iac_ec2lint.resources import registry
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.resources.spelling import Field, Keyed, Relation, Spelling

CLASSES = sorted(set(classes().values()), key=lambda kind: kind.__name__)
KINDS = {base.__name__ for kind in CLASSES for base in kind.__mro__}


def fields_of(kind: type[Part], seen: set[type[Part]]) -> Iterator[Field[object]]:
    seen.add(kind)
    for field in kind.fields():
        yield field
        if field.kind is not None and field.kind not in seen:
            yield from fields_of(field.kind, seen)


def spelled(spelling: Spelling, type_: str) -> bool:
    """Whether a type has a spelling, or is said to have none."""
    return not isinstance(spelling, Mapping) or type_ in spelling or "" in spelling


@of_each(CLASSES)
def test_every_field_is_spelled_in_every_language_of_its_class(kind: type[Resource]) -> None:
    for field in fields_of(kind, set()):
        for type_ in kind.terraform:
            assert spelled(field.terraform, type_), f"{field.name} in {type_}"
        for type_ in kind.cloudformation:
            assert spelled(field.cloudformation, type_), f"{field.name} in {type_}"


@of_each(CLASSES)
def test_relations_lead_to_classes_that_there_are(kind: type[Resource]) -> None:
    for field in fields_of(kind, set()):
        if isinstance(field, Relation):
            assert set(field.to) <= KINDS, field.name


@of_each(CLASSES)
def test_what_a_class_says_of_names_and_implicit_objects_is_there(kind: type[Resource]) -> None:
    fields = {field.name for field in kind.fields()}
    assert set(kind.names) <= fields
    for relation, words, _ in kind.adopts.values():
        owner = getattr(kind, relation)
        assert isinstance(owner, Relation)
        made = [m for one in CLASSES if one.__name__ in owner.to for m in one.implicit.values()]
        assert (words, kind.__name__) in made
    for _, made_class in kind.implicit.values():
        assert made_class in KINDS


@of_each(CLASSES)
def test_types_are_spelled_as_their_language_does(kind: type[Resource]) -> None:
    assert all("::" not in type_ for type_ in kind.terraform)
    assert all(type_.startswith("AWS::") for type_ in kind.cloudformation)


def test_a_spelling_of_terraform_is_in_snake_case_and_one_of_cloudformation_is_not() -> None:
    for kind in CLASSES:
        if kind is Output:
            continue  # one type in both languages, so each field has both spellings
        for field in fields_of(kind, set()):
            for spelling, lower in ((field.terraform, True), (field.cloudformation, False)):
                paths = spelling.values() if isinstance(spelling, Mapping) else (spelling,)
                flat = [
                    one
                    for path in paths
                    for one in ([path] if isinstance(path, str | Keyed) else path or ())
                ]
                texts = [one.list if isinstance(one, Keyed) else one for one in flat]
                # The keys of a map are a service's own.
                texts = [text.partition("attributes.")[0] for text in texts]
                assert all((text == text.lower()) is lower for text in texts), field.name


def test_the_index_says_of_each_type_which_file_has_its_class() -> None:
    assert registry.INDEX.read_text("utf-8") == registry.index()
    assert registry.types() == classes().keys()


def test_a_type_that_no_file_has_is_unknown_to_it() -> None:
    assert "aws_no_such_thing" not in classes()
