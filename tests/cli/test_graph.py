"""``iac-ec2lint graph``: the graph, or what one resource or one finding touches."""

from __future__ import annotations

import json
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import networkx as nx
import pytest
from tests.cli.program import environment, run, run_process, write

NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "way_in" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.way_in.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_security_group" "open" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "inner" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.open.id]
  }
}

resource "aws_iam_role" "ec2" {
  assume_role_policy = "{}"
}

resource "aws_iam_instance_profile" "ec2" {
  role = aws_iam_role.ec2.name
}

resource "aws_instance" "bastion" {
  ami                    = "ami-1"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.open.id]
  iam_instance_profile   = aws_iam_instance_profile.ec2.name
}

resource "aws_instance" "data" {
  ami                    = "ami-1"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.inner.id]
}

resource "aws_ebs_volume" "alone" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = true
}
"""

MANY = """\
resource "aws_instance" "host" {
  count         = 400
  ami           = "ami-1"
  subnet_id     = aws_subnet.each[count.index].id
}

resource "aws_subnet" "each" {
  count      = 400
  vpc_id     = "vpc-1"
  cidr_block = "10.0.0.0/24"
}
"""

_FORMATS = ("mermaid", "dot", "graphml", "json", "svg")
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write(tmp_path, {"main.tf": NETWORK})


def graph(*arguments: str, cwd: Path) -> dict[str, Any]:
    done = run("graph", *arguments, "--format", "json", cwd=cwd)
    assert done.status == 0, done.err
    found = done.report
    schema = json.loads((files("iac_ec2lint.answers.drawing") / "graph.schema.json").read_text())
    jsonschema.validate(found, schema)
    return found


def addresses(found: dict[str, Any]) -> set[str]:
    return {node["id"] for node in found["nodes"]}


def test_every_resource_is_a_node_with_its_place(network: Path) -> None:
    nodes = {node["id"]: node for node in graph(".", cwd=network)["nodes"]}
    bastion = nodes["aws_instance.bastion"]
    assert (bastion["type"], bastion["kind"], bastion["label"]) == (
        "aws_instance",
        "declared",
        "bastion",
    )
    line = NETWORK.splitlines().index('resource "aws_instance" "bastion" {') + 1
    assert (bastion["path"], bastion["line"]) == ("main.tf", line)
    assert nodes["ami-1"]["kind"] == "external"
    assert "aws_ebs_volume.alone" in nodes


def test_references_are_edges_where_they_are_written(network: Path) -> None:
    edges = graph(".", cwd=network)["edges"]
    (edge,) = [
        e
        for e in edges
        if (e["source"], e["relation"]) == ("aws_instance.bastion", "security_groups")
    ]
    line = next(
        n
        for n, text in enumerate(NETWORK.splitlines(), 1)
        if "[aws_security_group.open.id]" in text and "vpc_" in text
    )
    assert edge["target"] == "aws_security_group.open"
    assert (edge["path"], edge["line"], edge["certain"]) == ("main.tf", line, True)


def test_the_internet_reaches_what_is_exposed_and_nothing_else(network: Path) -> None:
    edges = graph(".", cwd=network)["edges"]
    reached = [(e["source"], e["target"], e["ports"]) for e in edges if e["relation"] == "reaches"]
    assert reached == [("the internet", "aws_instance.bastion", ["tcp 22"])]


def test_ends_of_edges_are_nodes(network: Path) -> None:
    found = graph(".", cwd=network)
    ends = {edge[end] for edge in found["edges"] for end in ("source", "target")}
    assert ends <= addresses(found)


def test_units_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": NETWORK, "b/main.tf": NETWORK})
    found = graph(".", cwd=tmp_path)
    assert [unit["path"] for unit in found["units"]] == ["a", "b"]
    assert {"a#aws_instance.bastion", "b#aws_instance.bastion"} <= addresses(found)
    assert len(addresses(found)) == len(found["nodes"])


def test_around_a_resource(network: Path) -> None:
    near = addresses(graph(".", "--around", "aws_instance.data", cwd=network))
    assert near == {
        "aws_instance.data",
        "aws_security_group.inner",
        "aws_subnet.private",
        "ami-1",
    }
    itself = addresses(graph(".", "--around", "aws_instance.data", "--depth", "0", cwd=network))
    assert itself == {"aws_instance.data"}
    further = addresses(graph(".", "--around", "aws_instance.data", "--depth", "2", cwd=network))
    assert further > near
    assert "aws_security_group.open" in further


def test_around_something_exposed_shows_the_way_in(network: Path) -> None:
    near = addresses(graph(".", "--around", "aws_instance.bastion", "--depth", "0", cwd=network))
    assert {
        "the internet",
        "aws_internet_gateway.way_in",
        "aws_route_table.public",
        "aws_security_group.open",
    } <= near
    assert "aws_instance.data" not in near


def test_around_nothing_is_wrong_use(network: Path) -> None:
    done = run("graph", ".", "--around", "aws_instance.bastoin", cwd=network)
    assert done.status == 2
    assert "aws_instance.bastion" in done.err


def test_a_finding_by_code_and_by_fingerprint(network: Path) -> None:
    by_code = graph(".", "--finding", "SG001", cwd=network)
    assert {"aws_security_group.open", "aws_instance.bastion"} <= addresses(by_code)
    assert addresses(by_code).isdisjoint({"aws_instance.data", "aws_ebs_volume.alone"})
    report = run("scan", "--format", "json", "--select", "SG001", ".", cwd=network).report
    (finding,) = report["findings"]
    by_print = graph(".", "--finding", finding["fingerprint"], cwd=network)
    assert by_print == by_code


def test_an_unknown_finding_is_wrong_use(network: Path) -> None:
    done = run("graph", ".", "--finding", "0123456789abcdef", cwd=network)
    assert done.status == 2
    assert "0123456789abcdef" in done.err


def test_a_check_without_findings_leaves_nothing(network: Path) -> None:
    done = run("graph", ".", "--finding", "VPCE003", "--format", "json", cwd=network)
    assert done.status == 0
    assert done.report["nodes"] == []
    assert "VPCE003" in done.err


def test_graphml_says_what_json_says(network: Path) -> None:
    done = run("graph", ".", "--format", "graphml", cwd=network)
    read = nx.parse_graphml(done.out, force_multigraph=True)
    found = graph(".", cwd=network)
    assert set(read.nodes) == addresses(found)
    edges = Counter((e["source"], e["target"], e["relation"]) for e in found["edges"])
    told = Counter((s, t, data["relation"]) for s, t, data in read.edges(data=True))
    assert told == edges
    assert read.nodes["aws_instance.bastion"]["line"] > 1


def test_svg_shows_what_is_exposed_on_which_ports(network: Path) -> None:
    done = run("graph", ".", "--format", "svg", cwd=network)
    root = ElementTree.fromstring(done.out)  # noqa: S314 - our own output
    texts = [text.text for text in root.iter(f"{_SVG}text")]
    assert texts.count("open: tcp 22") == 1
    assert {"bastion", "data", "open", "inner", "way_in", "ec2", "internet"} <= {*texts}
    assert "tcp 22 from the internet" in texts
    assert "tcp 5432 from open" in texts
    assert any("1 volume" in (text or "") for text in texts)
    assert "1 volume" in done.err


def test_svg_needs_nothing_from_elsewhere(network: Path) -> None:
    out = run("graph", ".", "--format", "svg", cwd=network).out
    assert set(re.findall(r"https?://[^\"]*", out)) == {"http://www.w3.org/2000/svg"}
    assert "<script" not in out
    assert "<image" not in out


def test_output_takes_its_format_from_the_ending(network: Path) -> None:
    done = run("graph", ".", "--output", "picture.svg", cwd=network)
    assert (done.status, done.out) == (0, "")
    expected = run("graph", ".", "--format", "svg", cwd=network).out
    assert (network / "picture.svg").read_text("utf-8") == expected


def test_what_cannot_be_written_is_wrong_use(network: Path) -> None:
    assert run("graph", ".", "--output", "no/such/folder.svg", cwd=network).status == 2


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mermaid", "svg"])
def test_pictures_have_a_bound_and_say_so(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": MANY})
    done = run("graph", ".", "--format", form, cwd=tmp_path)
    assert done.status == 0
    drawn = done.out.count(">host[") if form == "svg" else done.out.count("host#91;")
    assert 0 < drawn <= 150
    assert "nodes are left out" in done.err
    assert "Too many to draw" in done.out


@pytest.mark.slow
def test_data_has_no_bound(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": MANY})
    assert len(graph(".", cwd=tmp_path)["nodes"]) > 800


def test_alike_instances_are_drawn_once(tmp_path: Path) -> None:
    alike = NETWORK.replace('"bastion" {', '"bastion" {\n  count = 30')
    write(tmp_path, {"main.tf": alike})
    done = run("graph", ".", "--format", "svg", cwd=tmp_path)
    assert "30 instances" in done.out
    assert "instances" not in done.err


def test_a_template_that_nobody_uses_stands_in_the_network_of_its_groups(tmp_path: Path) -> None:
    template = """
resource "aws_launch_template" "unused" {
  vpc_security_group_ids = [aws_security_group.open.id]
}
"""
    write(tmp_path, {"main.tf": NETWORK + template})
    edges = graph(".", cwd=tmp_path)["edges"]
    (edge,) = [
        e
        for e in edges
        if e["relation"] == "reaches" and e["target"] == "aws_launch_template.unused"
    ]
    assert (edge["certain"], edge["ports"]) == (False, ["tcp 22"])
    drawn = run("graph", ".", "--format", "mermaid", cwd=tmp_path).out
    assert "unused<br/>launch template<br/>perhaps open: tcp 22" in drawn
    assert "not known here" not in drawn
    assert "subnet, declared elsewhere" not in drawn


@pytest.mark.parametrize("form", _FORMATS)
def test_nothing_to_draw(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "x" {}\n'})
    done = run("graph", ".", "--format", form, cwd=tmp_path)
    assert done.status == 0
    assert done.out


@pytest.mark.parametrize("form", _FORMATS)
def test_what_cannot_be_read_is_told(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": NETWORK, "broken.tf": 'resource "aws_vpc" {\n'})
    done = run("graph", ".", "--format", form, cwd=tmp_path)
    assert done.status == 3
    assert "broken.tf" in done.err
    assert "bastion" in done.out


def test_a_secret_that_names_something_elsewhere_is_not_shown(tmp_path: Path) -> None:
    template = """\
Parameters:
  Key: {Type: String, NoEcho: true, Default: hunter2}
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, KeyName: !Ref Key, SecurityGroupIds: [!Ref Key]}
"""
    write(tmp_path, {"web.yaml": template})
    for form in _FORMATS:
        done = run("graph", ".", "--format", form, cwd=tmp_path)
        assert done.status == 0
        assert "hunter2" not in done.out + done.err


@pytest.mark.slow
@pytest.mark.parametrize("form", _FORMATS)
def test_equal_input_gives_equal_bytes(form: str, network: Path) -> None:
    runs = {
        run_process(
            "graph",
            ".",
            "--format",
            form,
            cwd=network,
            env=environment({"PYTHONHASHSEED": seed}),
        ).out
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_a_page_and_a_page_of_markdown_show_the_picture(network: Path) -> None:
    run("graph", ".", "--output", "net.md", cwd=network)
    text = (network / "net.md").read_text("utf-8")
    assert text.startswith("```mermaid\nflowchart")
    assert text.endswith("\n```\n")
    run("graph", ".", "--output", "net.html", cwd=network)
    page = (network / "net.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert page.endswith("</html>\n")


def test_an_ending_that_means_no_format_is_refused(network: Path) -> None:
    ended = run("graph", ".", "--output", "net.pdf", cwd=network)
    assert ended.status == 2
    assert "'net.pdf' does not say its format; it may end in .dot" in ended.err
    assert not (network / "net.pdf").exists()
    assert run("graph", ".", "--output", "net.pdf", "--format", "dot", cwd=network).status == 0
