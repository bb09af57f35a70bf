"""Pictures as text: what stands in them is escaped, fits, and is well formed."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.answers.drawing import dot, graphml, mermaid, svg
from iac_ec2lint.answers.drawing.choice import kept, stacked
from iac_ec2lint.answers.drawing.layout import Frame, lay_out
from iac_ec2lint.answers.drawing.lettering import clipped, shortened, width
from iac_ec2lint.answers.drawing.model import DrawnEdge, DrawnNode, DrawnSection
from iac_ec2lint.answers.drawing.picture import Box, Item, Picture, PictureEdge, Shape, Tone
from iac_ec2lint.answers.drawing.routing import path_between
from iac_ec2lint.answers.drawing.words import counted, kind_words
from iac_ec2lint.declaration import address_matches

HOSTILE = (
    '"><script>alert(1)</script>',
    "a\"b'c<d>&e\\n",
    ']:::x\nclick n1 href "javascript:alert(1)"',
    "%%{init: {}}%% end; subgraph",
    "\x1b[31m\u202e\ud800",
    "`**bold**` #quot; [x](http://example.com)",
    "}\n  x -> y [label=",
    "&lt;already&gt; 漢字 " + "w" * 300,
)
_MERMAID_TEXT = r'"[^"<>`\\\[\]{}|;#&]*(?:(?:#\d+;|<br/>)[^"<>`\\\[\]{}|;#&]*)*"'
_MERMAID_OPEN = r"(?:\(\[|\[\(|\[/|\[|\{\{)"
_MERMAID_CLOSE = r"(?:\]\)|\)\]|/\]|\]|\}\})"
_MERMAID = re.compile(
    "|".join(
        (
            r"flowchart LR",
            rf" *subgraph [ub]\d+\[{_MERMAID_TEXT}\]",
            r" *end",
            rf" *[ns]\d+{_MERMAID_OPEN}{_MERMAID_TEXT}{_MERMAID_CLOSE}:::\w+",
            rf" *n\d+ (?:==>|-\.->|-->)(?:\|{_MERMAID_TEXT}\|)? n\d+",
            r" *classDef .*",
            r" *linkStyle [\d,]+ .*",
            r" *%% \d+ links are left out",
        )
    )
)
_DOT_TOKENS = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"|->|[\w.#]+|[{}\[\];,=])', re.DOTALL)


def item(
    key: str,
    shape: Shape = "workload",
    box: str = "v",
    tone: Tone = "plain",
    text: str = "web",
    notes: tuple[str, ...] = (),
) -> Item:
    return Item(key, key, text, text, notes, tone, shape, box, text, (text,))


def picture(text: str, count: int = 4) -> Picture:
    boxes = (
        Box("v", text, text, "vpc", "", False, text),
        Box("s", text, text, "subnet", "v", True, text),
    )
    items = (
        item("i", "internet", "", text=text),
        item("g", "gateway", text=text),
        item("b", "balancer", text=text, tone="exposed", notes=(text,)),
        *(
            item(f"w{n}", box="s", text=text, tone="exposed", notes=("tcp 22",))
            for n in range(count)
        ),
        item("d", "store", "s", text=text),
        item("p", "group", text=text),
        item("q", "group", text=text),
        item("r", "role", "", text=text),
        item("o", "other", "", text=text),
    )
    links = (
        PictureEdge("i", "g", "reaches"),
        PictureEdge("g", "b", "reaches", text),
        *(PictureEdge("g", f"w{n}", "may reach", text) for n in range(count)),
        *(PictureEdge(f"w{n}", "p", "carries") for n in range(count)),
        PictureEdge("b", "q", "carries"),
        PictureEdge("q", "p", "admits", text),
        PictureEdge("w0", "r", "assumes"),
    )
    return Picture(text, items, boxes, links, (count, count, 0), (text,), 7)


@pytest.mark.parametrize("text", HOSTILE)
def test_svg_is_well_formed_whatever_names_say(text: str) -> None:
    out = svg.render([picture(text)])
    out.encode("utf-8")
    root = ElementTree.fromstring(out)  # noqa: S314 - our own output
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags == {"svg", "title", "style", "defs", "marker", "path", "rect", "g", "text"}


@pytest.mark.parametrize("text", HOSTILE)
def test_every_line_of_mermaid_is_one_of_its_statements(text: str) -> None:
    lines = mermaid.render([picture(text)]).splitlines()
    odd = [line for line in lines if not _MERMAID.fullmatch(line)]
    assert not odd
    assert sum(" subgraph " in line for line in lines) == sum(
        line.strip() == "end" for line in lines
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_dot_is_nothing_but_its_tokens(text: str) -> None:
    out = dot.render([picture(text)])
    at = 0
    words: list[str] = []
    while found := _DOT_TOKENS.match(out, at):
        words.append(found.group().strip())
        at = found.end()
    assert out[at:].strip() == ""
    assert words.count("{") == words.count("}")
    assert words.count("->") == len(picture(text).links)


@pytest.mark.parametrize("text", HOSTILE)
def test_graphml_is_well_formed_whatever_names_say(text: str) -> None:
    nodes = (DrawnNode(text, text, text, "external", text, 1), DrawnNode("b", "t", "l", "declared"))
    edges = (DrawnEdge(text, "b", "relation", text, 1, True, (text,), "proven"),)
    out = graphml.render([DrawnSection(text, "stack", nodes, edges)])
    root = ElementTree.fromstring(out)  # noqa: S314 - our own output
    assert len(root.findall(".//{*}node")) == 2
    assert len(root.findall(".//{*}edge")) == 1


@given(st.text(), st.floats(1, 400))
def test_clipped_text_fits_or_is_a_single_mark(text: str, room: float) -> None:
    shown = clipped(text, 12, room)
    assert width(shown, 12) <= room or len(shown) <= 2
    assert shown == text or "…" in shown


@given(st.text(), st.floats(1, 400))
def test_shortened_words_fit_or_are_a_single_mark(text: str, room: float) -> None:
    shown = shortened(text, 12, room)
    assert width(shown, 12) <= room or shown == "…"
    assert shown == text or text.startswith(shown.removesuffix("…"))


def test_words_are_cut_between_two() -> None:
    assert shortened("tcp 22 from the internet", 12, 110) == "tcp 22 from the…"
    assert shortened("subnet, declared elsewhere", 12, 60) == "subnet…"
    assert shortened("unbelievable", 12, 60) == "unbelie…"


def test_a_cut_keeps_both_ends() -> None:
    shown = clipped('module.network.aws_subnet.public["eu-west-1a"]', 12, 180)
    assert shown.startswith("module")
    assert shown.endswith('1a"]')


@pytest.mark.parametrize("count", [1, 4, 30])
def test_nodes_do_not_overlap_and_stand_in_their_boxes(count: int) -> None:
    drawn = picture("web", count)
    layout = lay_out(drawn)
    for one, other in combinations(layout.items.values(), 2):
        apart = one.right <= other.x or other.right <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for each in drawn.items:
        frame = layout.items[each.key]
        assert frame.x >= 0
        assert frame.right <= layout.width
        assert frame.y + frame.height <= layout.height
        if each.box:
            box = layout.boxes[each.box]
            assert box.x <= frame.x
            assert frame.right <= box.right
            assert box.y <= frame.y
            assert frame.y + frame.height <= box.y + box.height


def test_a_link_goes_around_what_stands_on_its_way() -> None:
    start, end, between = Frame(0, 0, 10, 40), Frame(300, 0, 10, 40), Frame(100, 0, 100, 40)
    assert path_between(start, end, [start, end]) == "M10 20H293"
    around = path_between(start, end, [start, end, between])
    level = [float(y) for y in re.findall(r" 100 (-?[\d.]+)", around)]
    assert level
    assert all(y < 0 or y > 40 for y in level), around


def test_alike_instances_become_one_item() -> None:
    several = [item(f"aws_instance.a[{n}]", notes=("tcp 22",), tone="exposed") for n in range(9)]
    other = item("aws_instance.a[9]")
    links = [PictureEdge("g", each.key, "reaches", "tcp 22") for each in several]
    items, joined, stands_for = stacked([item("g", "gateway"), *several, other], links)
    assert set(items) == {"g", "aws_instance.a[0]", "aws_instance.a[9]"}
    assert list(joined) == [PictureEdge("g", "aws_instance.a[0]", "reaches", "tcp 22")]
    assert len(stands_for["aws_instance.a[0]"]) == 9


def test_what_is_exposed_is_kept_with_what_it_touches() -> None:
    plain = {f"w{n}": item(f"w{n}") for n in range(50)}
    open_ = item("z", tone="exposed")
    around = {"i": item("i", "internet", ""), "g": item("g", "gateway"), "p": item("p", "group")}
    links = [
        PictureEdge("i", "g", "reaches"),
        PictureEdge("g", "z", "reaches"),
        PictureEdge("z", "p", "carries"),
    ]
    found = kept({**plain, "z": open_, **around}, links, 6)
    assert len(found) <= 6
    assert {"z", "g", "p", "i"} <= set(found)


def test_mermaid_keeps_below_the_number_of_edges_that_it_refuses() -> None:
    out = mermaid.render([picture("web", 400)])
    assert len(re.findall(r" (?:==>|-\.->|-->)", out)) <= 500
    assert re.search(r"%% \d+ links are left out", out)


@pytest.mark.parametrize(
    ("asked", "address", "expected"),
    [
        ("aws_instance.a", "aws_instance.a", True),
        ("aws_instance.a", "aws_instance.a[0]", True),
        ("aws_instance.a", "aws_instance.ab", False),
        ("module.m", "module.m.aws_instance.a", True),
        ("Nested", "Nested/Web", True),
    ],
)
def test_what_an_address_means(asked: str, address: str, *, expected: bool) -> None:
    assert address_matches(asked, address) is expected


def test_words() -> None:
    assert kind_words("SecurityGroup") == "security group"
    assert kind_words("VpcEndpoint") == "VPC endpoint"
    assert kind_words("NatGateway") == "NAT gateway"
    assert counted(1, "volume") == "1 volume"
    assert counted(3, "role policy") == "3 role policies"
    assert counted(2, "NAT gateway") == "2 NAT gateways"
    assert counted(2, "private key") == "2 private keys"
    assert counted(2, "IAM address") == "2 IAM addresses"
