"""Whether the images that instances start from still get security updates.

Until when they do is dated: ``facts/image_families.json``. An image is known by the name that it is
looked up by, by the public parameter that has its id, by the image that it is built on, or, in a
plan, by the name of what was found. What is judged, is judged as of a day: that of the data, unless
another one is given, so that nothing changes overnight.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.images import ImageFacts, image_at, image_of
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.facts import facts
from iac_ec2lint.graph.graph import External
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.data_source import SsmParameterDataSource
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import Image, ImageCopy, ImageDataSource
from iac_ec2lint.resources.image_builder import ImageRecipe
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Input,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    all_of,
    any_of,
)
from iac_ec2lint.values.inputs import inputs_by_default

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource

_STAMP: Final = regular_expression(
    r"(?<!\d)(20[12]\d)([-.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
)
"""The day in the name of a public image: ``20260815``, ``2026.08.15``."""

_SHORT: Final = regular_expression(r"ami-[0-9a-f]{8}")
_LAST_SHORT: Final = "2018-06-30"
"""The last day on which an image got a short id (EC2 User Guide, "Resource IDs"); AWS GovCloud (US)
kept them for longer."""
_MADE_UP: Final = frozenset({"ami-12345678", "ami-1a2b3c4d", "ami-abcd1234", "ami-a1b2c3d4"})
"""Ids of examples, which are of no image."""

_PARAMETER: Final = "ssm:"
"""What the target of a reference to a parameter of Systems Manager begins with."""
_COPIES: Final = 8
"""How many copies of copies are followed."""


class NamedImage(NamedTuple):
    """One name by which an image is known.

    Attributes:
        resource: Who says it: the host, its template, the data source, the recipe.
        place: Where.
        name: The name, a pattern of it, the path of a parameter or the ARN of an image.
    """

    resource: Resource
    place: Place
    name: Val


class LaunchedImage(NamedTuple):
    """The image that a host's instances start from, or that a recipe builds on.

    Attributes:
        host: The host or the recipe.
        resource: Who names it: the host, its template, the recipe.
        place: Where.
        facts: What is known of it.
        names: What it is known by; empty where there is only an id, or it is built here.
        deprecated: When it is no longer to be used, where that is known.
        id: What is written for it, an id most of the time.
        beside: What a mapping of ids by Region calls it; see ``_beside``. It makes nothing pass.
    """

    host: Resource
    resource: Resource
    place: Place
    facts: ImageFacts
    names: tuple[NamedImage, ...]
    deprecated: NamedImage | None = None
    id: Val | None = None
    beside: NamedImage | None = None

    def is_supported(self, day: str) -> Answer:
        """Whether its operating system gets security updates on a day (ISO 8601)."""
        if not self.names:
            told = NO if self.beside is None else _test(self.beside, lambda n: _has_ended(n, day))
            return ~told if told.truth is True else self._unseen()
        ended = [_test(one, lambda name: _has_ended(name, day)) for one in self.names]
        if all(answer.truth is True for answer in ended):
            return ~all_of(ended)
        return ~any_of(ended)

    def is_current(self, day: str, days: int) -> Answer:
        """Whether the day in its name is at most so many days before a day; true if it has none."""
        node = self.facts.resource
        if (
            isinstance(node, ImageDataSource)
            and node.found_name is not None
            and node.most_recent.is_true().truth is True
        ):
            return YES  # the next deployment takes the newest, whatever a plan has found
        oldest = (date.fromisoformat(day) - timedelta(days)).isoformat()
        old = [_test(one, lambda name: _is_before(name, oldest)) for one in self.names]
        if old:
            return ~all_of(old)
        told = NO if self.beside is None else _test(self.beside, lambda n: _is_before(n, oldest))
        return NO if told.truth is True else ~self._has_short_id(oldest)

    def _has_short_id(self, oldest: str) -> Answer:
        """Whether its id is one that images got only before a day."""
        if self.id is None or oldest <= _LAST_SHORT:
            return NO
        short = self.id.test(
            lambda text: bool(_SHORT.fullmatch(str(text))) and text not in _MADE_UP
        )
        if short.truth is not True:
            return short
        words = f"an id of eight digits is of an image from before {_LAST_SHORT}"
        return short & Answer(True, (), (Step(self.id.span, words, assumed=True),))

    def is_deprecated(self, day: str) -> Answer:
        """Whether it is no longer to be used on a day; false where nothing says when."""
        if self.deprecated is None:
            return NO
        return self.deprecated.name.test(lambda time: bool(time) and str(time)[:10] <= day)

    def _unseen(self) -> Answer:
        words = f"what {self.facts.words} is an image of is not known"
        node = self.facts.resource
        text = node.text if isinstance(node, External) else None
        inputs = (Input(text, self.place.span, "images"),) if text is not None else ()
        gap = Unknown(words, "external-id", self.place.span, inputs=inputs)
        value = self.id
        ids = isinstance(value, Unknown) and any(one.text for one in value.candidates)
        # Which of several ids it is says no more than an id does.
        return Answer(None, (*self.facts.causes, gap) if ids else self.facts.causes or (gap,))


@remembered
def launched_images(graph: Graph) -> tuple[LaunchedImage, ...]:
    """The image of each launch and of each recipe; hosts that can have no instance are left out."""
    found: list[LaunchedImage] = []
    for launch in launches(graph):
        if runs(graph, launch.host).truth is False:
            continue
        said = launch.settings.image is not None
        if not said and not isinstance(launch.host, EksNodeGroup):
            continue
        resource, place = launch.place("image")
        if isinstance(launch.host, EksNodeGroup) and not said:
            resource, place = launch.host, launch.host.place("ami_type")
        value = launch.settings.image
        found.append(_launched(graph, launch.host, resource, place, image_of(graph, launch), value))
    for recipe in graph.all(ImageRecipe):
        facts_ = image_at(graph.targets(recipe, "parent_image"))
        place = recipe.place("parent_image")
        found.append(_launched(graph, recipe, recipe, place, facts_, recipe.parent_image))
    return tuple(found)


def day_of_the_data() -> str:
    """The day of what is known of operating systems."""
    day: str = facts("image_families")["about"]["on"]
    return day


@lru_cache(maxsize=1024)  # hosts have few images among them
def system(name: str) -> tuple[str, str] | None:
    """The operating system that a name of an image says, and the last day of its updates."""
    text = name.lower().replace("\\", "")
    for words, pattern, title, ends in _systems():
        if any(word in text for word in words) and re.search(pattern, text):
            return title, ends
    return None


@cache
def _systems() -> tuple[tuple[tuple[str, ...], str, str, str], ...]:
    return tuple(
        (tuple(group["words"]), pattern, title, ends)
        for group in facts("image_families")["families"]
        for title, ends, pattern in group["releases"]
    )


def stamped(name: str) -> str | None:
    """The day in the name of a public image (ISO 8601)."""
    found = _STAMP.search(name) if system(name) is not None else None
    return f"{found[1]}-{found[3]}-{found[4]}" if found is not None else None


def _launched(
    graph: Graph,
    host: Resource,
    resource: Resource,
    place: Place,
    known: ImageFacts,
    value: Val | None,
) -> LaunchedImage:
    for _ in range(_COPIES):
        if not isinstance(known.resource, ImageCopy):
            break
        edges = graph.targets(known.resource, "source_image")
        resource, place = known.resource, known.resource.place("source_image")
        known, value = image_at(edges), edges[0].value if edges else None
    names = tuple(_names(graph, resource, place, known, value))
    node = known.resource
    deprecated = None
    if isinstance(node, Image | ImageDataSource) and node.deprecation_time is not None:
        at = node.place("deprecation_time")
        deprecated = NamedImage(node, at, node.deprecation_time)
    return LaunchedImage(
        host, resource, place, known, names, deprecated, value, _beside(resource, place, value)
    )


def _beside(resource: Resource, place: Place, value: Val | None) -> NamedImage | None:
    """What a mapping of ids by Region calls the image: the one text in it that is no id.

    Quick Starts have it under a key ``AMI`` beside the Regions. Source: taskcat, "AMI Updater".
    """
    candidates = value.candidates if isinstance(value, Unknown) else ()
    texts = [one for one in candidates if isinstance(one, Value) and one.text is not None]
    names = [one for one in texts if not (one.text or "").startswith("ami-")]
    if len(texts) != len(candidates) or len(names) != 1 or len(texts) < 2:
        return None
    step = Step(names[0].span, "the ids beside it are of the image of that name", assumed=True)
    return NamedImage(resource, place, names[0].after(step))


def _names(
    graph: Graph, resource: Resource, place: Place, known: ImageFacts, value: Val | None
) -> Iterator[NamedImage]:
    node = known.resource
    if isinstance(node, ImageDataSource):
        if node.found_name is not None:
            yield NamedImage(node, node.place("found_name"), node.found_name)
            return
        if node.name_regex is not None:
            yield NamedImage(node, node.place("name_regex"), _read(node.name_regex))
        for one in node.filters:
            if one.name is not None and one.name.equals("name").truth is True:
                for name in one.values:
                    yield NamedImage(node, one.place("values", name), _read(name))
    elif isinstance(node, SsmParameterDataSource):
        if node.name is not None:
            yield NamedImage(node, node.place("name"), _read(node.name))
    elif isinstance(node, External):
        text = node.text or node.address
        said = graph.unit.known.image(text)
        if said is not None:
            yield NamedImage(resource, place, said)
        elif not text.startswith("ami-") and system(text) is not None:
            yield NamedImage(resource, place, Value(text, place.span))
    elif node is None and isinstance(resource, EksNodeGroup) and resource.ami_type is not None:
        yield NamedImage(resource, place, resource.ami_type)
    elif node is None and isinstance(value, Unknown) and value.parts:
        yield NamedImage(resource, place, _read(value))
    elif node is None and isinstance(value, Unknown) and (paths := _parameters_in(value)):
        yield NamedImage(resource, place, value.but(candidates=paths))


def _parameters_in(value: Unknown) -> tuple[Val, ...]:
    """The paths of the parameters of which one gives an image; none where it may be another way."""
    found: list[Val] = []
    for one in value.candidates:
        if isinstance(one, Reference) and one.target.startswith(_PARAMETER):
            found.append(Value(one.target.removeprefix(_PARAMETER), one.span, one.via))
        elif isinstance(one, Unknown) and (inner := _parameters_in(one)):
            found.extend(inner)
        else:
            return ()
    return tuple(found)


def _read(name: Val) -> Val:
    """A name of which pieces are unknown, where the others say what it is a name of."""
    if isinstance(name, Unknown) and name.parts:
        text = "".join(part if isinstance(part, str) else "*" for part in name.parts)
        if system(text) is not None:
            return Value(text, name.span, name.via)
    return name


def _test(one: NamedImage, question: Callable[[str], bool | None]) -> Answer:
    """A question about a name; undecided where the name, or its answer, is not known."""
    name = one.name
    known = name.test(lambda data: question(str(data)) is not None)
    if known.truth is False:
        words = f'what "{name.text}" is an image of is not known'
        inputs = inputs_by_default(name, one.resource.declared.unit)
        return Answer(None, (Unknown(words, "external-id", name.span, inputs=inputs),))
    return known & name.test(lambda data: question(str(data)) is True)


def _has_ended(name: str, day: str) -> bool | None:
    found = system(name)
    return found[1] < day if found is not None else None


def _is_before(name: str, oldest: str) -> bool:
    day = stamped(name)
    return day is not None and day < oldest
