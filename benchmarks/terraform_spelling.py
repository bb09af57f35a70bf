"""Writes infrastructures down as Terraform: each resource by itself, or repeated.

Both are one root module with a file for each network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

from infrastructures import Infrastructure, Peering
from networks import MAPS, Arguments, Document, Family, Network, Ref, Script

_Spell = Callable[[Network, Family], Iterator[str]]
_Name = Callable[[Network, Ref], str]


def write_singly(described: Infrastructure, folder: Path) -> None:
    """Write Terraform with a block for each resource."""
    _write_root_module(described, folder, _singly, _name_singly)


def write_repeated(described: Infrastructure, folder: Path) -> None:
    """Write Terraform that repeats by ``for_each`` and by ``count``."""
    _write_root_module(described, folder, _repeated, _name_repeated)


def _write_root_module(described: Infrastructure, folder: Path, spell: _Spell, name: _Name) -> None:
    for network in described.networks:
        text = "\n".join(t for family in network.families.values() for t in spell(network, family))
        (folder / f"network{network.number:02}.tf").write_text(text, encoding="utf-8")
    by_number = {network.number: network for network in described.networks}
    text = "\n".join(
        t for peering in described.peerings for t in _peering(by_number, peering, name)
    )
    (folder / "peerings.tf").write_text(text, encoding="utf-8")


def _peering(networks: dict[int, Network], peering: Peering, name: _Name) -> Iterator[str]:
    own = f"aws_vpc_peering_connection.p{peering.near}_{peering.far}"
    vpcs = [name(networks[number], Ref("vpc", "main")) for number in peering]
    yield _resource(
        own, [f"  vpc_id      = {vpcs[0]}\n  peer_vpc_id = {vpcs[1]}\n  auto_accept = true\n"]
    )
    for near, far in (peering, peering[::-1]):
        for table in ("out", "in"):
            route = f"aws_route.p{near}_{far}_{table}"
            yield _resource(
                route,
                [
                    f"  route_table_id            = {name(networks[near], Ref('tables', table))}\n",
                    f'  destination_cidr_block    = "{networks[far].cidr_block}"\n',
                    f"  vpc_peering_connection_id = {own}.id\n",
                ],
            )


def _resource(name: str, lines: Iterable[str]) -> str:
    type_, _, label = name.partition(".")
    return f'resource "{type_}" "{label}" {{\n{"".join(lines)}}}\n'


def _label(network: Network, family: Family) -> str:
    return f"{family.type}.n{network.number:02}_{family.name}"


def _name_singly(network: Network, ref: Ref) -> str:
    family = network.families[ref.family]
    key = "" if len(family.rows) == 1 else f"_{ref.key}"
    return f"{_label(network, family)}{key}.{ref.attribute}"


def _name_repeated(network: Network, ref: Ref) -> str:
    family = network.families[ref.family]
    if len(family.rows) == 1:
        return f"{_label(network, family)}.{ref.attribute}"
    return f"{_label(network, family)}[{_index(family, ref.key)}].{ref.attribute}"


def _index(family: Family, key: str) -> str:
    return str([*family.rows].index(key)) if family.indexed else f'"{key}"'


def _singly(network: Network, family: Family, name: _Name = _name_singly) -> Iterator[str]:
    for key, arguments in family.rows.items():
        own = name(network, Ref(family.name, key, "")).rstrip(".")
        yield _resource(own, _body(arguments, 1, lambda value: _hcl(network, value, name)))


def _body(arguments: Arguments, depth: int, spell: Callable[[object], str]) -> Iterator[str]:
    pad = "  " * depth
    for name, value in arguments.items():
        if isinstance(value, _Dynamic):
            yield f'{pad}dynamic "{name}" {{\n{pad}  for_each = {value.rows}\n{pad}  content {{\n'
            yield from (f"{pad}    {key} = {name}.value.{key}\n" for key in value.keys)
            yield f"{pad}  }}\n{pad}}}\n"
            continue
        blocks = value if isinstance(value, list) else [value]
        if name in MAPS or not blocks or not isinstance(blocks[0], dict):
            yield f"{pad}{name} = {spell(value)}\n"
            continue
        for block in blocks:
            inner = "".join(_body(cast("Arguments", block), depth + 1, spell))
            yield f"{pad}{name} {{\n{inner}{pad}}}\n"


def _hcl(network: Network, value: object, name: _Name) -> str:
    if isinstance(value, Ref):
        return name(network, value)
    if isinstance(value, _Expression):
        return value
    if isinstance(value, Document):
        return f"jsonencode({_hcl(network, value.content, name)})"
    if isinstance(value, Script):
        text = json.dumps(value.text)
        return f"base64encode({text})" if value.encoded else text
    if isinstance(value, list):
        return f"[{', '.join(_hcl(network, each, name) for each in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {_hcl(network, each, name)}" for key, each in value.items())
        return f"{{ {inner} }}"
    return json.dumps(value)


class _Expression(str):
    """Terraform that stands for a value."""

    __slots__ = ()


class _Dynamic(NamedTuple):
    """Blocks of which rows have different numbers."""

    rows: str
    keys: tuple[str, ...]


def _repeated(network: Network, family: Family) -> Iterator[str]:
    """The rows as a local value, and one block that is repeated over them."""
    if len(family.rows) == 1:
        yield from _singly(network, family, _name_repeated)
        return
    label = _label(network, family)
    local = label.partition(".")[2]
    each = f"local.{local}[count.index]" if family.indexed else "each.value"
    table: list[dict[str, str]] = [{} for _ in family.rows]
    rows: list[object] = list(family.rows.values())
    body = _common(network, rows, each, (), table)
    entries = [f"{{ {', '.join(f'{k} = {v}' for k, v in row.items())} }}" for row in table]
    if family.indexed:
        items = "".join(f"    {entry},\n" for entry in entries)
        yield f"locals {{\n  {local} = [\n{items}  ]\n}}\n"
        repetition = f"  count = length(local.{local})\n"
    else:
        pairs = "".join(f"    {k} = {e}\n" for k, e in zip(family.rows, entries, strict=True))
        yield f"locals {{\n  {local} = {{\n{pairs}  }}\n}}\n"
        repetition = f"  for_each = local.{local}\n"
    arguments = _body(cast("Arguments", body), 1, lambda v: _hcl(network, v, _name_repeated))
    yield _resource(label, [repetition, *arguments])


def _common(
    network: Network,
    values: list[object],
    each: str,
    path: tuple[str, ...],
    table: list[dict[str, str]],
) -> object:
    """What is the same in all rows; what is not goes to the table and is taken from there."""
    first = values[0]
    if all(value == first for value in values):
        return first
    if isinstance(first, dict):
        maps = cast("list[Arguments]", values)
        return {
            name: _common(network, [one[name] for one in maps], each, (*path, name), table)
            for name in first
        }
    if (
        isinstance(first, list)
        and len({len(one) for one in cast("list[list[object]]", values)}) == 1
    ):
        lists = cast("list[list[object]]", values)
        return [
            _common(network, [one[i] for one in lists], each, (*path, str(i)), table)
            for i in range(len(first))
        ]
    name = "_".join(path)
    if isinstance(first, list) and isinstance(first[0], dict):
        for row, value in zip(table, values, strict=True):
            row[name] = _hcl(network, value, _name_repeated)
        return _Dynamic(f"{each}.{name}", tuple(first[0]))
    refs = [value for value in values if isinstance(value, Ref)]
    alike = {(ref.family, ref.attribute) for ref in refs}
    family = network.families[refs[0].family] if refs else None
    if family is not None and len(alike) == 1 and len(family.rows) > 1:
        for row, ref in zip(table, refs, strict=True):
            row[name] = _index(family, ref.key)
        return _Expression(f"{_label(network, family)}[{each}.{name}].{refs[0].attribute}")
    for row, value in zip(table, values, strict=True):
        row[name] = _hcl(network, value, _name_repeated)
    return _Expression(f"{each}.{name}")
