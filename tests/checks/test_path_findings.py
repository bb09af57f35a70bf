"""What findings about paths from the internet say beside their place (semantics.md, C4, E, H)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.test_rule_findings import NETWORK, found

OUT = """  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
"""
PRIVATE = """resource "aws_subnet" "inside" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
variable "unset" {}
"""


def group(name: str, *rules: tuple[int, str]) -> str:
    """A group with rules: a port, and a range or a group's name."""
    text = f'resource "aws_security_group" "{name}" {{\n  vpc_id = aws_vpc.v.id\n{OUT}'
    for port, source in rules:
        said = f'cidr_blocks = ["{source}"]'
        if "/" not in source:
            said = f"security_groups = [aws_security_group.{source}.id]"
        text += f"""  ingress {{
    protocol  = "tcp"
    from_port = {port}
    to_port   = {port}
    {said}
  }}
"""
    return text + "}\n"


def host(name: str, public: str, subnet: str = "aws_subnet.inside.id") -> str:
    """An instance with the group of its name."""
    return f"""resource "aws_instance" "{name}" {{
  subnet_id                   = {subnet}
  associate_public_ip_address = {public}
  vpc_security_group_ids      = [aws_security_group.{name}.id]
}}
"""


PUBLIC = "aws_subnet.s.id"
ANY = "0.0.0.0/0"


def front(kind: str, port: int, target: int, protocol: str) -> str:
    """A load balancer in the public subnet with the host ``web`` behind it."""
    groups = "  security_groups    = [aws_security_group.front.id]\n"
    return f"""resource "aws_lb" "front" {{
  load_balancer_type = "{kind}"
  subnets            = [aws_subnet.s.id]
{groups if kind == "application" else ""}}}
resource "aws_lb_target_group" "front" {{
  port     = {target}
  protocol = "{protocol}"
  vpc_id   = aws_vpc.v.id
}}
resource "aws_lb_listener" "front" {{
  load_balancer_arn = aws_lb.front.arn
  port              = {port}
  protocol          = "{protocol}"
  default_action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.front.arn
  }}
}}
resource "aws_lb_target_group_attachment" "front" {{
  target_group_arn = aws_lb_target_group.front.arn
  target_id        = aws_instance.web.id
}}
"""


def test_behind_a_network_load_balancer_the_port_is_exposed(tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + group("web", (22, ANY)) + host("web", "false")
    (finding,) = found(tmp_path, text + front("network", 22, 22, "TCP"), "PATH001")
    assert finding.message.endswith("of aws_instance.web through aws_lb.front")


def test_behind_an_application_load_balancer_no_port_is(tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + group("front", (443, ANY)) + group("web", (8080, "front"))
    text += host("web", "false") + front("application", 443, 8080, "HTTP")
    assert not found(tmp_path, text, "PATH001", "PATH003", "PATH006")


def test_all_ports_of_a_host_are_listed_once(tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + group("web", (22, ANY), (80, ANY), (3389, ANY), (5432, ANY))
    by_code = {f.check.code: f for f in found(tmp_path, text + host("web", "true", PUBLIC), "PATH")}
    whole = by_code["PATH001"]
    assert whole.message == (
        "anyone on the internet can reach tcp 22 (SSH) and tcp 3389 (RDP) of aws_instance.web"
        " (open in all: tcp 22, 80, 3389, 5432)"
    )
    assert by_code["PATH002"].part_of == (whole.fingerprint,)


def test_that_all_ports_are_open_is_said_once(tmp_path: Path) -> None:
    text = NETWORK + group("web", (22, ANY)).replace('"tcp"', '"-1"')
    by_code = {f.check.code: f for f in found(tmp_path, text + host("web", "true", PUBLIC), "PATH")}
    assert by_code["PATH001"].message.endswith("of aws_instance.web (open in all: all ports)")
    whole = by_code["PATH003"].message
    assert whole == "anyone on the internet can reach all ports of aws_instance.web"


@pytest.mark.parametrize(("sizes", "count"), [("max_size = 0", 0), ("max_size = 3", 1)])
def test_a_group_of_hosts_in_unknown_subnets(sizes: str, count: int, tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + group("web", (22, ANY))
    text += f"""resource "aws_launch_template" "t" {{
  network_interfaces {{
    associate_public_ip_address = "true"
    security_groups             = [aws_security_group.web.id]
  }}
}}
resource "aws_autoscaling_group" "g" {{
  {sizes}
  min_size            = 0
  vpc_zone_identifier = var.unset
  launch_template {{
    id = aws_launch_template.t.id
  }}
}}
"""
    findings = found(tmp_path, text, "PATH001")
    assert [(f.status, f.severity, f.confidence) for f in findings] == [
        ("undecided", "high", "likely")
    ] * count


@pytest.mark.parametrize(
    ("rules", "severity"),
    [([(443, "front")], None), ([(443, "front"), (22, ANY)], "high"), ([(443, ANY)], "medium")],
)
def test_on_to_the_data_tier(
    rules: list[tuple[int, str]], severity: str | None, tmp_path: Path
) -> None:
    text = NETWORK + PRIVATE + group("front", (443, ANY)) + group("web", *rules)
    text += host("web", "true", PUBLIC) + front("application", 443, 443, "HTTPS")
    text += group("app", (5432, "web")) + host("app", "false")
    findings = found(tmp_path, text, "PATH007")
    assert [finding.severity.value for finding in findings] == ([severity] if severity else [])


def test_a_path_is_broken_by_each_of_its_last_lines(tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + group("web", (22, ANY)) + host("web", "true", PUBLIC)
    (finding,) = found(tmp_path, text, "PATH001")
    assert [hop.message for hop in finding.evidence[-3:]] == [
        "to break it: admit tcp 22 from known addresses only",
        "or: give the host no public address",
        "or: route to a NAT gateway in place of the internet gateway",
    ]
    for hop in finding.evidence[-3:]:
        assert hop.span.text in text
    assert not found(
        tmp_path, text.replace('"0.0.0.0/0"]\n  }\n}', '"10.0.0.0/8"]\n  }\n}'), "PATH"
    )
    assert not found(tmp_path, text.replace("ip_address = true", "ip_address = false"), "PATH")


ROLE = """resource "aws_iam_role" "web" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
resource "aws_iam_instance_profile" "web" {
  role = aws_iam_role.web.name
}
"""
IMDSV1 = """  iam_instance_profile        = aws_iam_instance_profile.web.name
  metadata_options {
    http_tokens = "optional"
  }
}
"""


def test_behind_an_application_load_balancer_its_group_is_to_admit_the_listener_s_port(
    tmp_path: Path,
) -> None:
    text = NETWORK + PRIVATE + group("front", (443, ANY)) + group("web", (8080, "front")) + ROLE
    text += host("web", "false").removesuffix("}\n") + IMDSV1
    (finding,) = found(tmp_path, text + front("application", 443, 8080, "HTTP"), "PATH004")
    edits = [hop for hop in finding.evidence if "from known addresses only" in hop.message]
    assert [(hop.resource, hop.message) for hop in edits] == [
        ("aws_security_group.front", "to break it: admit tcp 443 from known addresses only")
    ]


def test_behind_a_network_load_balancer_each_group_is_to_admit_its_own_port(
    tmp_path: Path,
) -> None:
    text = NETWORK + PRIVATE + group("front", (2222, ANY)) + group("web", (22, ANY))
    balancer = front("network", 2222, 22, "TCP").replace(
        "  subnets  ", "  security_groups    = [aws_security_group.front.id]\n  subnets  "
    )
    (finding,) = found(tmp_path, text + host("web", "false") + balancer, "PATH001")
    edits = [hop for hop in finding.evidence if "from known addresses only" in hop.message]
    assert [(hop.resource, hop.message) for hop in edits] == [
        ("aws_security_group.front", "to break it: admit tcp 2222 from known addresses only"),
        ("aws_security_group.web", "or: admit tcp 22 from known addresses only"),
    ]


def beside(balancer: str) -> str:
    """A public host that the internet reaches on tcp 443, and something in front of it."""
    text = NETWORK + PRIVATE + group("front", (443, ANY)) + group("web", (443, ANY))
    return text + host("web", "true", PUBLIC) + balancer


INTERNAL = ('"network"\n', '"network"\n  internal = true\n')
FILTERED = ('"network"\n', '"network"\n  security_groups = [aws_security_group.web.id]\n')


@pytest.mark.parametrize(
    ("balancer", "count"),
    [
        (front("network", 443, 443, "TCP"), 0),
        (front("network", 8443, 443, "TCP_UDP"), 0),
        (front("network", 443, 443, "TLS"), 1),
        (front("application", 443, 443, "HTTPS"), 1),
        # The direct port is none that it passes on, so that it stands before nothing there.
        (front("network", 443, 8443, "TCP"), 0),
        # An application may listen on its target port, and on other ports of the web.
        (front("application", 443, 8080, "HTTP"), 1),
        (front("network", 443, 8443, "TLS"), 0),
        # Which port is forwarded to is not known.
        (front("network", 443, 443, "TLS").replace("port     = 443", "port     = var.unset"), 1),
        # Whom it lets in is bounded, so that there is something to go around.
        (front("network", 443, 443, "TCP").replace(*INTERNAL), 1),
        (front("network", 443, 443, "TCP").replace(*FILTERED), 0),
        (front("network", 80, 443, "TCP").replace(*FILTERED), 1),
        # Which protocol it listens on is not known.
        (front("network", 443, 443, "TCP").replace('= "TCP"', "= var.unset"), 1),
    ],
)
def test_what_passes_connections_on_guards_nothing(
    balancer: str, count: int, tmp_path: Path
) -> None:
    assert len(found(tmp_path, beside(balancer), "PATH006")) == count


@pytest.mark.parametrize(("protocol", "count"), [("TCP", 0), ("tcp", 0), ("SSL", 1), ("HTTPS", 1)])
def test_a_classic_load_balancer_may_pass_connections_on(
    protocol: str, count: int, tmp_path: Path
) -> None:
    classic = f"""resource "aws_elb" "front" {{
  subnets         = [aws_subnet.s.id]
  security_groups = [aws_security_group.front.id]
  instances       = [aws_instance.web.id]
  listener {{
    instance_port     = 443
    instance_protocol = "{protocol}"
    lb_port           = 443
    lb_protocol       = "{protocol}"
  }}
}}
"""
    assert len(found(tmp_path, beside(classic), "PATH006")) == count


WRITTEN = {
    "on": "true",
    "port": "8080",
    "listener": "443",
    "range": '"10.0.0.0/16"',
}
INSIDE = (
    NETWORK.replace('cidr_block = "10.0.0.0/16"', "cidr_block = RANGE")
    + PRIVATE
    + group("front", (443, ANY))
    + group("web", (8080, "10.0.0.0/16"))
    + host("web", "false")
    + front("application", 443, 8080, "HTTP")
    .replace("= 443", "= LISTENER")
    .replace("= 8080", "= PORT")
    .replace('_attachment" "front" {', '_attachment" "front" {\n  count = ON ? 1 : 0')
)


@pytest.mark.parametrize("name", [None, *WRITTEN])
def test_a_way_around_inside_rests_on_defaults_that_it_names(
    name: str | None, tmp_path: Path
) -> None:
    text = INSIDE
    for each, value in WRITTEN.items():
        text = text.replace(each.upper(), f"var.{each}" if each == name else value)
    text += "".join(f'variable "{k}" {{\n  default = {v}\n}}\n' for k, v in WRITTEN.items())
    (finding,) = found(tmp_path, text, "PATH006")
    said = [hop.message for hop in finding.evidence if "default of" in hop.message]
    if name is None:
        assert (finding.confidence, said) == ("proven", [])
    else:
        assert (finding.confidence, said) == ("assumed", [f'assumed: default of variable "{name}"'])


def test_a_direct_way_around_rests_on_the_default_that_registers_the_target(
    tmp_path: Path,
) -> None:
    balancer = front("application", 443, 443, "HTTPS").replace(
        '_attachment" "front" {', '_attachment" "front" {\n  count = var.on ? 1 : 0'
    )
    (finding,) = found(tmp_path, beside(balancer) + 'variable "on" { default = true }', "PATH006")
    assert finding.confidence == "assumed"
    assert 'assumed: default of variable "on"' in [hop.message for hop in finding.evidence]
    (finding,) = found(tmp_path, beside(balancer) + 'variable "on" {}', "PATH006")
    assert (finding.status, finding.when) == ("fail", "var.on is true")


@pytest.mark.parametrize("port", [3000, 5000, 8000, 8080, 8088, 8443, 8888, 9000, 9090])
def test_a_port_that_is_no_single_service_s_is_not_critical(port: int, tmp_path: Path) -> None:
    text = NETWORK + PRIVATE + ROLE + group("web", (port, ANY))
    text += host("web", "true", PUBLIC).removesuffix("}\n") + IMDSV1.replace("optional", "required")
    findings = {f.check.code: f for f in found(tmp_path, text, "PATH", "SG")}
    assert (findings["PATH003"].status, findings["PATH003"].severity) == ("fail", "medium")
    assert not {"PATH001", "PATH002", "PATH004"} & set(findings)
    assert {f.severity for code, f in findings.items() if code[:2] == "SG"} <= {"medium", "low"}


@pytest.mark.parametrize(
    ("ports", "severity"), [((8080,), "medium"), ((2375,), "high"), ((2375, 8080), "high")]
)
def test_sg007_is_as_severe_as_the_worst_port(
    ports: tuple[int, ...], severity: str, tmp_path: Path
) -> None:
    rule = group("web", (min(ports), ANY)).replace(
        f"to_port   = {min(ports)}", f"to_port   = {max(ports)}"
    )
    text = NETWORK + PRIVATE + rule + host("web", "true", PUBLIC)
    (finding,) = found(tmp_path, text, "SG007")
    assert finding.severity == severity


def test_sg007_counts_the_port_that_is_reached(tmp_path: Path) -> None:
    """A load balancer listens on one port of those that its group opens."""
    rules = group("front", (2375, ANY)).replace("to_port   = 2375", "to_port   = 8080")
    text = NETWORK + PRIVATE + rules + group("web", (8080, "front")) + host("web", "false")
    (finding,) = found(tmp_path, text + front("application", 8080, 8080, "HTTP"), "SG007")
    assert finding.severity == "medium"
    (finding,) = found(tmp_path, text + front("application", 443, 8080, "HTTP"), "SG007")
    assert finding.severity == "low"


OPEN = group("front", (0, ANY)).replace('"tcp"', '"-1"')


@pytest.mark.parametrize(
    ("port", "severity"),
    [
        ("443", "low"),
        ("8443", "medium"),
        ("8080", "medium"),
        ("22", "critical"),
        ("5432", "critical"),
        ("var.unset", "critical"),
    ],
)
def test_all_ports_of_a_load_balancer_are_as_severe_as_what_it_listens_on(
    port: str, severity: str, tmp_path: Path
) -> None:
    balancer = front("application", 443, 8080, "HTTP").replace("= 443", f"= {port}")
    text = NETWORK + PRIVATE + OPEN + group("web", (8080, "front")) + host("web", "false")
    (finding,) = found(tmp_path, text + balancer, "SG003")
    assert finding.severity == severity


CLUSTER = """resource "aws_eks_cluster" "k" {
  vpc_config {
    security_group_ids = [aws_security_group.front.id]
  }
}
"""


@pytest.mark.parametrize("other", [host("front", "true", PUBLIC), CLUSTER], ids=["host", "cluster"])
def test_all_ports_are_critical_where_another_thing_carries_the_group(
    other: str, tmp_path: Path
) -> None:
    text = NETWORK + PRIVATE + OPEN + group("web", (8080, "front")) + host("web", "false") + other
    (finding,) = found(tmp_path, text + front("application", 443, 8080, "HTTP"), "SG003")
    assert finding.severity == "critical"


TWO_POLICIES = {
    "main.tf": """resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
resource "aws_iam_role_policy" "harmless" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:Get*", Resource = "*" }] })
}
resource "aws_iam_role_policy" "telling" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
""",
    "template.yaml": """Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: harmless
          PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:Get*", Resource: "*"}]}
        - PolicyName: telling
          PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}
""",
}


@pytest.mark.parametrize(("name", "line"), [("main.tf", 14), ("template.yaml", 12)])
def test_what_makes_an_administrator_is_shown_where_it_stands(
    name: str, line: int, tmp_path: Path
) -> None:
    (finding,) = found(tmp_path, TWO_POLICIES[name], "PATH008", name=name)
    lines = [hop.span.line for hop in finding.evidence if "is privileged" in hop.message]
    assert lines == [line]


def test_a_role_on_the_way_that_is_not_privileged_is_not_said_to_be(tmp_path: Path) -> None:
    def role(name: str, who: str, *may: str) -> str:
        allowed = "".join(
            f'\n  inline_policy {{\n    policy = jsonencode({{ Statement = [{{ Effect = "Allow", '
            f'Action = "sts:AssumeRole", Resource = {arn} }}] }})\n  }}'
            for arn in may
        )
        return (
            f'resource "aws_iam_role" "{name}" {{\n  assume_role_policy = jsonencode({{ Statement '
            f'= [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = {who} }} }}] '
            f"}}){allowed}\n}}\n"
        )

    admin = role("admin", "aws_iam_role.middle.arn").replace(
        "\n}\n", '\n  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]\n}\n'
    )
    text = (
        role("first", '"*"', "aws_iam_role.middle.arn")
        + role("middle", "aws_iam_role.first.arn", "aws_iam_role.admin.arn")
        + admin
    )
    (finding,) = found(tmp_path, text, "PATH019")
    said = [hop.message for hop in finding.evidence if "privileged" in hop.message]
    assert said == [
        "aws_iam_role.middle is not privileged by itself",
        "aws_iam_role.admin is privileged: administrator",
    ]
