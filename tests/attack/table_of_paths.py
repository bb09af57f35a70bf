"""Each kind of entry, each kind of end: the smallest infrastructure of each, in both languages.

An entry and an end are put together by the role ``start``, which the entry yields and the end's
statements are attached to. A blocker is one change that ends the path, or leaves it open.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Blocker(NamedTuple):
    """A change to either language that breaks an edge by itself.

    Attributes:
        name: What it is.
        hcl: The text that is replaced, and by what.
        yaml: The same of a template.
    """

    name: str
    hcl: tuple[str, str]
    yaml: tuple[str, str]


class Part(NamedTuple):
    """An entry or an end.

    Attributes:
        hcl: What is declared for it.
        yaml: The same in a template.
        blockers: What breaks it.
        named: Of an end, what a finding calls it in either language.
    """

    hcl: str
    yaml: str
    blockers: tuple[Blocker, ...]
    named: tuple[str, str] = ("", "")


NETWORK: Final = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "inside" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.t.id
}
locals {
  ec2 = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
  }] })
}
"""
TEMPLATE: Final = """
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Route:
    Type: AWS::EC2::Route
    DependsOn: Attached
    Properties:
      RouteTableId: !Ref Routes
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Routes}
"""


def _host(name: str, port: int, tokens: str, cidr: str, public: bool, profile: bool = True) -> Part:
    """A host with the role ``start``, and the group of its name."""
    flag, title = str(public).lower(), name.title()
    subnet = "public" if public else "inside"
    hcl = f"""
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.v.id
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = ["{cidr}"]
  }}
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_instance" "{name}" {{
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.{subnet}.id
  associate_public_ip_address = {flag}
  vpc_security_group_ids      = [aws_security_group.{name}.id]
  iam_instance_profile        = aws_iam_instance_profile.start.name
  metadata_options {{
    http_endpoint = "enabled"
    http_tokens   = "{tokens}"
  }}
}}
"""
    yaml = f"""
  {title}Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: {name}
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, CidrIp: {cidr}}}
  {title}:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      InstanceType: t3.micro
      IamInstanceProfile: !Ref StartProfile
      MetadataOptions: {{HttpEndpoint: enabled, HttpTokens: {tokens}}}
      NetworkInterfaces:
        - DeviceIndex: "0"
          SubnetId: !Ref {subnet.title()}
          AssociatePublicIpAddress: {flag}
          GroupSet: [!Ref {title}Group]
"""
    if profile:
        hcl += START
        yaml += START_YAML
    return Part(hcl, yaml, ())


START: Final = """
resource "aws_iam_role" "start" {
  assume_role_policy = local.ec2
}
resource "aws_iam_instance_profile" "start" {
  role = aws_iam_role.start.name
}
"""
START_YAML: Final = """
  Start:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ec2.amazonaws.com}}
  StartProfile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Start]}}
"""

NO_RULE: Final = Blocker(
    "no rule lets the internet in",
    ('cidr_blocks = ["0.0.0.0/0"]\n  }\n  egress', 'cidr_blocks = ["192.0.2.7/32"]\n  }\n  egress'),
    ("CidrIp: 0.0.0.0/0", "CidrIp: 192.0.2.7/32"),
)
NO_ADDRESS: Final = Blocker(
    "no public address",
    ("public_ip_address = true", "public_ip_address = false"),
    ("PublicIpAddress: true", "PublicIpAddress: false"),
)
NO_ROUTE: Final = Blocker(
    "no route to the internet gateway",
    ('cidr_block = "0.0.0.0/0"\n    gateway', 'cidr_block = "198.51.100.0/24"\n    gateway'),
    ("DestinationCidrBlock: 0.0.0.0/0", "DestinationCidrBlock: 198.51.100.0/24"),
)
NO_METADATA: Final = Blocker(
    "no metadata service",
    ('http_endpoint = "enabled"', 'http_endpoint = "disabled"'),
    ("HttpEndpoint: enabled", "HttpEndpoint: disabled"),
)
TOKENS: Final = Blocker(
    "tokens are required",
    ('http_tokens   = "optional"', 'http_tokens   = "required"'),
    ("HttpTokens: optional", "HttpTokens: required"),
)
NO_PROFILE: Final = Blocker(
    "no role",
    ("  iam_instance_profile        = aws_iam_instance_profile.start.name\n", ""),
    ("      IamInstanceProfile: !Ref StartProfile\n", ""),
)


def _trust(statement: str, yaml: str) -> tuple[str, str]:
    return (
        f"""
resource "aws_iam_role" "start" {{
  assume_role_policy = jsonencode({{ Statement = [{statement}] }})
}}
""",
        f"""
  Start:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {yaml}
""",
    )


def _admitted(who: str, *blockers: Blocker) -> Part:
    hcl = f'{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = "{who}" }} }}'
    yaml = f'{{Effect: Allow, Action: "sts:AssumeRole", Principal: {{AWS: "{who}"}}}}'
    return Part(*_trust(hcl, yaml), blockers)


def _with_condition(operator: str, key: str, value: str) -> Blocker:
    return Blocker(
        f"a condition on {key}",
        (" } }] })", f' }}, Condition = {{ {operator} = {{ "{key}" = "{value}" }} }} }}] }})'),
        (':root"}}', f':root"}}, Condition: {{{operator}: {{"{key}": "{value}"}}}}}}'),
    )


_GITHUB: Final = "token.actions.githubusercontent.com"
_FEDERATED_HCL: Final = f"""{{
    Effect    = "Allow", Action = "sts:AssumeRoleWithWebIdentity"
    Principal = {{ Federated = aws_iam_openid_connect_provider.github.arn }}
    Condition = {{ StringEquals = {{ "{_GITHUB}:aud" = "sts.amazonaws.com" }} }}
  }}"""
_FEDERATED_YAML: Final = f"""Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {{Federated: !GetAtt Github.Arn}}
            Condition: {{StringEquals: {{"{_GITHUB}:aud": "sts.amazonaws.com"}}}}"""


def _federated() -> Part:
    hcl, yaml = _trust(_FEDERATED_HCL, _FEDERATED_YAML)
    return Part(
        f"""{hcl}
resource "aws_iam_openid_connect_provider" "github" {{
  url            = "https://{_GITHUB}"
  client_id_list = ["sts.amazonaws.com"]
}}
""",
        f"""{yaml}
  Github:
    Type: AWS::IAM::OIDCProvider
    Properties: {{Url: "https://{_GITHUB}", ClientIdList: [sts.amazonaws.com]}}
""",
        (
            Blocker(
                "the subject is named",
                (
                    'sts.amazonaws.com" } }\n',
                    f'sts.amazonaws.com", "{_GITHUB}:sub" = "repo:a/b:ref:refs/heads/main" }} }}\n',
                ),
                (
                    'sts.amazonaws.com"}}\n',
                    f'sts.amazonaws.com", "{_GITHUB}:sub": "repo:a/b:ref:refs/heads/main"}}}}\n',
                ),
            ),
        ),
    )


def _entry(
    name: str,
    port: int,
    tokens: str,
    cidr: str,
    public: bool,
    hcl: str,
    yaml: str,
    *blockers: Blocker,
) -> Part:
    made = _host(name, port, tokens, cidr, public)
    return Part(made.hcl + hcl, made.yaml + yaml, blockers)


_BALANCER: Final = """
resource "aws_security_group" "front" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "front" {
  internal        = false
  subnets         = [aws_subnet.public.id]
  security_groups = [aws_security_group.front.id]
}
resource "aws_lb_target_group" "front" {
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.front.arn
  }
}
resource "aws_lb_target_group_attachment" "front" {
  target_group_arn = aws_lb_target_group.front.arn
  target_id        = aws_instance.web.id
}
"""
_BALANCER_YAML: Final = """
  FrontGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: front
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
  Front:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Scheme: internet-facing
      Subnets: [!Ref Public]
      SecurityGroups: [!Ref FrontGroup]
  FrontTargets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 8080, Protocol: HTTP, VpcId: !Ref Vpc, Targets: [{Id: !Ref Web}]}
  FrontListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref FrontTargets}]
"""
_SERVICE: Final = """
resource "aws_lb" "service" {
  internal           = true
  load_balancer_type = "network"
  subnets            = [aws_subnet.inside.id]
}
resource "aws_lb_target_group" "service" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_listener" "service" {
  load_balancer_arn = aws_lb.service.arn
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service.arn
  }
}
resource "aws_lb_target_group_attachment" "service" {
  target_group_arn = aws_lb_target_group.service.arn
  target_id        = aws_instance.web.id
}
resource "aws_vpc_endpoint_service" "open" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.service.arn]
  allowed_principals         = ["*"]
}
"""
_SERVICE_YAML: Final = """
  Service:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Scheme: internal, Type: network, Subnets: [!Ref Inside]}
  ServiceTargets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: 22, Protocol: TCP, VpcId: !Ref Vpc, Targets: [{Id: !Ref Web}]}
  ServiceListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Service
      Port: 22
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref ServiceTargets}]
  Open:
    Type: AWS::EC2::VPCEndpointService
    Properties: {AcceptanceRequired: false, NetworkLoadBalancerArns: [!Ref Service]}
  OpenToAll:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: {ServiceId: !Ref Open, AllowedPrincipals: ["*"]}
"""

ENTRIES: Final[dict[str, Part]] = {
    "a forged request": _entry(
        "web",
        443,
        "optional",
        "0.0.0.0/0",
        True,
        "",
        "",
        NO_RULE,
        NO_ADDRESS,
        NO_ROUTE,
        NO_METADATA,
        TOKENS,
        NO_PROFILE,
    ),
    "a login": _entry(
        "web",
        22,
        "required",
        "0.0.0.0/0",
        True,
        "",
        "",
        NO_RULE,
        NO_ADDRESS,
        NO_ROUTE,
        NO_METADATA,
        NO_PROFILE,
    ),
    "a load balancer": _entry(
        "web",
        8080,
        "optional",
        "10.0.0.0/16",
        False,
        _BALANCER,
        _BALANCER_YAML,
        NO_RULE,
        NO_ROUTE,
        NO_METADATA,
        TOKENS,
        NO_PROFILE,
        Blocker(
            "the load balancer is internal",
            ("internal        = false", "internal        = true"),
            ("Scheme: internet-facing", "Scheme: internal"),
        ),
        Blocker(
            "its targets do not admit it",
            ('["10.0.0.0/16"]', '["10.0.7.0/24"]'),
            ("CidrIp: 10.0.0.0/16", "CidrIp: 10.0.7.0/24"),
        ),
    ),
    "an endpoint service": _entry(
        "web",
        22,
        "required",
        "10.0.0.0/16",
        False,
        _SERVICE,
        _SERVICE_YAML,
        NO_METADATA,
        NO_PROFILE,
        Blocker(
            "connections are accepted",
            ("acceptance_required        = false", "acceptance_required        = true"),
            ("AcceptanceRequired: false", "AcceptanceRequired: true"),
        ),
        Blocker(
            "its targets do not admit it",
            ('["10.0.0.0/16"]', '["10.0.7.0/24"]'),
            ("CidrIp: 10.0.0.0/16", "CidrIp: 10.0.7.0/24"),
        ),
        Blocker(
            "nobody is allowed",
            ('allowed_principals         = ["*"]', "allowed_principals         = []"),
            ('AllowedPrincipals: ["*"]', "AllowedPrincipals: []"),
        ),
    ),
    "any principal": _admitted(
        "*",
        Blocker(
            "an organisation",
            (
                " } }] })",
                (
                    " }, Condition = { StringEquals = {"
                    ' "aws:PrincipalOrgID" = "o-abcdefghij" } } }] })'
                ),
            ),
            (
                'AWS: "*"}}',
                'AWS: "*"}, Condition: {StringEquals: {"aws:PrincipalOrgID": o-abcdefghij}}}',
            ),
        ),
        Blocker(
            "a denied action",
            ("sts:AssumeRole", "sts:TagSession"),
            ("sts:AssumeRole", "sts:TagSession"),
        ),
    ),
    "a foreign account": _admitted(
        "arn:aws:iam::999988887777:root",
        _with_condition("StringEquals", "sts:ExternalId", "a1b2c3d4e5f6"),
    ),
    "a shared identity provider": _federated(),
}
"""The ways in."""


def _allowed(*statements: tuple[str, str, str]) -> tuple[str, str]:
    """The policy of ``start``: actions, and on what, in either language."""
    rows = [
        f'{{ Effect = "Allow", Action = {actions}, Resource = {hcl} }}'
        for actions, hcl, _ in statements
    ]
    lines = "".join(
        f"          - {{Effect: Allow, Action: {actions}, Resource: {yaml}}}\n"
        for actions, _, yaml in statements
    )
    return (
        f"""
resource "aws_iam_role_policy" "start" {{
  role   = aws_iam_role.start.name
  policy = jsonencode({{ Statement = [{", ".join(rows)}] }})
}}
""",
        f"""
  StartPolicy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: start
      Roles: [!Ref Start]
      PolicyDocument:
        Statement:
{lines}""",
    )


_ADMINISTRATOR: Final = 'managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]'
_ADMINISTRATOR_YAML: Final = 'ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]'
PLAIN: Final = Blocker(
    "it is no administrator",
    ("policy/AdministratorAccess", "policy/AmazonSSMManagedInstanceCore"),
    ("policy/AdministratorAccess", "policy/AmazonSSMManagedInstanceCore"),
)


def _administrator(service: str) -> tuple[str, str]:
    other = service.replace(" = ", ": ").replace('"', "")
    other = other.replace("aws_iam_role.start.arn", "!GetAtt Start.Arn")
    return (
        f"""
resource "aws_iam_role" "admin" {{
  assume_role_policy = jsonencode({{ Statement = [{{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ {service} }}
  }}] }})
  {_ADMINISTRATOR}
}}
""",
        f"""
  Admin:
    Type: AWS::IAM::Role
    Properties:
      {_ADMINISTRATOR_YAML}
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Action: "sts:AssumeRole", Principal: {{{other}}}}}
""",
    )


def _end(
    named: tuple[str, str], allowed: tuple[str, str], declared: tuple[str, str], *blockers: Blocker
) -> Part:
    return Part(allowed[0] + declared[0], allowed[1] + declared[1], blockers, named)


def _instead(action: str, other: str, yaml: str = "", other_yaml: str = "") -> Blocker:
    hcl = action, other
    return Blocker(f"{action} is not allowed", hcl, (yaml, other_yaml) if yaml else hcl)


def _denied(action: str) -> Blocker:
    """Whatever is allowed, the policy of ``start`` denies it."""
    return Blocker(
        f"{action} is denied",
        (
            "policy = jsonencode({ Statement = [",
            (
                "policy = jsonencode({ Statement = [{"
                f' Effect = "Deny", Action = "{action}", Resource = "*" }}, '
            ),
        ),
        (
            "      Roles: [!Ref Start]\n      PolicyDocument:\n        Statement:\n",
            (
                "      Roles: [!Ref Start]\n      PolicyDocument:\n        Statement:\n"
                f'          - {{Effect: Deny, Action: "{action}", Resource: "*"}}\n'
            ),
        ),
    )


ADMIN: Final = ("aws_iam_role.admin", "Admin")
_ADMIN_ARN: Final = ("aws_iam_role.admin.arn", "!GetAtt Admin.Arn")


def _held(part: str) -> tuple[str, str]:
    return part, part


_INNER: Final = (
    """
resource "aws_iam_instance_profile" "admin" {
  role = aws_iam_role.admin.name
}
resource "aws_instance" "inner" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.micro"
  subnet_id            = aws_subnet.public.id
  iam_instance_profile = aws_iam_instance_profile.admin.name

  associate_public_ip_address = true
}
""",
    """
  AdminProfile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Admin]}}
  Inner:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      InstanceType: t3.micro
      IamInstanceProfile: !Ref AdminProfile
      NetworkInterfaces:
        - {DeviceIndex: "0", SubnetId: !Ref Public, AssociatePublicIpAddress: true}
""",
)


def _sum(*parts: tuple[str, str]) -> tuple[str, str]:
    return "".join(hcl for hcl, _ in parts), "".join(yaml for _, yaml in parts)


_TAGS: Final = (
    'tags = { DataClassification = "confidential" }',
    "Tags: [{Key: DataClassification, Value: confidential}]",
)
UNTAGGED: Final = Blocker(
    "nothing says that it is sensitive", (_TAGS[0], ""), (_TAGS[1], "Tags: []")
)

_BUCKET: Final = (
    f"""
resource "aws_s3_bucket" "end" {{
  {_TAGS[0]}
}}
""",
    f"""
  End: {{Type: AWS::S3::Bucket, Properties: {{{_TAGS[1]}}}}}
""",
)
_KEYED: Final = (
    """
resource "aws_kms_key" "end" {
}
resource "aws_kms_key_policy" "end" {
  key_id = aws_kms_key.end.id
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "kms:*", Resource = "*"
    Principal = { AWS = "arn:aws:iam::111122223333:root" }
  }] })
}
resource "aws_secretsmanager_secret" "end" {
  name       = "end"
  kms_key_id = aws_kms_key.end.arn
}
""",
    """
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Action: kms:*
            Principal: {AWS: "arn:aws:iam::111122223333:root"}
            Resource: "*"
  End: {Type: AWS::SecretsManager::Secret, Properties: {Name: end, KmsKeyId: !Ref Key}}
""",
)
CLOSED: Final = Blocker(
    "the policy of the key admits another alone",
    ("111122223333:root", "111122223333:user/keeper"),
    ("111122223333:root", "111122223333:user/keeper"),
)

_KEY: Final = ("aws_kms_key.end", "Key")
_NOTHING: Final = _allowed(('"s3:ListAllMyBuckets"', '"*"', '"*"'))
_OF_START: Final = (
    ('"arn:aws:iam::111122223333:root"', "aws_iam_role.start.arn"),
    ('"arn:aws:iam::111122223333:root"', "!GetAtt Start.Arn"),
)
_GRANTED: Final = """
resource "aws_iam_role" "keeper" {
  assume_role_policy = local.ec2
}
resource "aws_kms_grant" "end" {
  key_id            = aws_kms_key.end.key_id
  grantee_principal = aws_iam_role.start.arn
  operations        = ["Decrypt"]
}
"""


_EVERY: Final = ('"*"', '"*"')
_KEY_ARN: Final = ("aws_kms_key.end.arn", "!GetAtt Key.Arn")
_STORE: Final = ("aws_db_instance.end", "End")
_DATABASE: Final = (
    """
resource "aws_db_instance" "end" {
  engine               = "postgres"
  storage_encrypted    = false
}
""",
    """
  End:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, BackupRetentionPeriod: 0, StorageEncrypted: false}
""",
)
_OPEN: Final = (
    """
resource "aws_security_group" "open" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["0.0.0.0/0"]
  }
}
""",
    """
  OpenGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
""",
)
"""A group that a database may be given. Who may change groups is told of alone, and no chain."""
_NOT_OPEN: Final = Blocker(
    "no group is open where a database may listen", ("= 5432", "= 443"), ("Port: 5432", "Port: 443")
)
_LOCKED: Final = (
    _KEYED[0].split('resource "aws_secretsmanager_secret')[0]
    + _DATABASE[0].replace("= false", "= true\n  kms_key_id = aws_kms_key.end.arn"),
    _KEYED[1].split("  End: ")[0]
    + _DATABASE[1].replace("Encrypted: false", "Encrypted: true, KmsKeyId: !GetAtt Key.Arn"),
)
_EXPORTS: Final = (
    """
resource "aws_kms_key" "end" {
}
resource "aws_s3_bucket" "out" {
}
resource "aws_iam_role" "writer" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole"
    Principal = { Service = "export.rds.amazonaws.com" }
  }] })
}
resource "aws_iam_role_policy" "writer" {
  role   = aws_iam_role.writer.name
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "s3:PutObject*", Resource = "${aws_s3_bucket.out.arn}/*" }
  ] })
}
""",
    """
  Key: {Type: AWS::KMS::Key}
  Out: {Type: AWS::S3::Bucket}
  Writer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal: {Service: export.rds.amazonaws.com}
      Policies:
        - PolicyName: writer
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:PutObject*", Resource: !Sub "${Out.Arn}/*"}]
""",
)


def _on_itself(action: str) -> Blocker:
    """What is restored needs more than the database: its groups of options, parameters, subnets."""
    return Blocker(
        f"{action} is allowed on databases alone",
        (
            f'"{action}", "rds:CreateDBSubnetGroup"], Resource = "*"',
            f'"{action}"], Resource = "arn:aws:rds:*:*:db:*"',
        ),
        (
            f'"{action}", "rds:CreateDBSubnetGroup"], Resource: "*"',
            f'"{action}"], Resource: "arn:aws:rds:*:*:db:*"',
        ),
    )


def _unguarded() -> Blocker:
    return Blocker(
        "nothing is under it",
        ("  kms_key_id = aws_kms_key.end.arn\n", ""),
        (", KmsKeyId: !Ref Key", ""),
    )


def _key(action: str, *denied: str) -> Part:
    """A key that guards a secret, on which ``start`` may do something."""
    allowed = f'"{action}"', "aws_kms_key.end.arn", "!GetAtt Key.Arn"
    return _end(
        _KEY,
        _allowed(allowed),
        _KEYED,
        *map(_denied, (action, *denied)),
        _instead(action, "kms:Encrypt"),
        _unguarded(),
        CLOSED,
    )


ENDS: Final[dict[str, Part]] = {
    "a role that may be assumed": _end(
        ADMIN,
        _allowed(('"sts:AssumeRole"', *_ADMIN_ARN)),
        _administrator("AWS = aws_iam_role.start.arn"),
        PLAIN,
        _denied("sts:AssumeRole"),
        Blocker(
            "it does not trust",
            ("AWS = aws_iam_role.start.arn", 'Service = "ec2.amazonaws.com"'),
            ("{AWS: !GetAtt Start.Arn}", "{Service: ec2.amazonaws.com}"),
        ),
    ),
    "a role that may be passed to a host": _end(
        ADMIN,
        _allowed(('"iam:PassRole"', *_ADMIN_ARN), ('"ec2:RunInstances"', '"*"', '"*"')),
        _sum(
            _administrator('Service = "ec2.amazonaws.com"'),
            (_INNER[0].split('resource "aws_instance')[0], _INNER[1].split("  Inner:")[0]),
        ),
        PLAIN,
        _denied("iam:PassRole"),
        _denied("ec2:RunInstances"),
        _instead("iam:PassRole", "iam:GetRole"),
        _instead("ec2:RunInstances", "ec2:StopInstances"),
        Blocker(
            "hosts are not trusted",
            (
                'Principal = { Service = "ec2.amazonaws.com" }\n  }] })\n  managed',
                'Principal = { Service = "ecs.amazonaws.com" }\n  }] })\n  managed',
            ),
            (
                (
                    f"{_ADMINISTRATOR_YAML}\n      AssumeRolePolicyDocument:\n        Statement:\n"
                    '          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ec2'
                ),
                (
                    f"{_ADMINISTRATOR_YAML}\n      AssumeRolePolicyDocument:\n        Statement:\n"
                    '          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs'
                ),
            ),
        ),
    ),
    "a function with a role": _end(
        ADMIN,
        _allowed(('"lambda:UpdateFunctionCode"', "aws_lambda_function.f.arn", "!GetAtt F.Arn")),
        _sum(
            _administrator('Service = "lambda.amazonaws.com"'),
            (
                """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.admin.arn
  handler       = "i.h"
  runtime       = "python3.13"
  filename      = "f.zip"
}
""",
                """
  F:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Admin.Arn, Handler: i.h, Runtime: python3.13, Code: {ZipFile: "1"}}
""",
            ),
        ),
        PLAIN,
        _denied("lambda:UpdateFunctionCode"),
        _instead("lambda:UpdateFunctionCode", "lambda:GetFunction"),
    ),
    "a host that may be commanded": _end(
        ADMIN,
        _allowed(('"ssm:SendCommand"', '"*"', '"*"')),
        _sum(_administrator('Service = "ec2.amazonaws.com"'), _INNER),
        PLAIN,
        _denied("ssm:SendCommand"),
        _instead("ssm:SendCommand", "ssm:ListCommands"),
    ),
    "a user whose keys may be made": _end(
        ("aws_iam_user.admin", "Boss"),
        _allowed(('"iam:CreateAccessKey"', "aws_iam_user.admin.arn", "!GetAtt Boss.Arn")),
        (
            """
resource "aws_iam_user" "admin" {
  name = "admin"
}
resource "aws_iam_user_policy_attachment" "admin" {
  user       = aws_iam_user.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
""",
            f"""
  Boss:
    Type: AWS::IAM::User
    Properties: {{{_ADMINISTRATOR_YAML}}}
""",
        ),
        PLAIN,
        _denied("iam:CreateAccessKey"),
        _instead("iam:CreateAccessKey", "iam:GetUser"),
    ),
    "a user whose key a parameter holds": _end(
        ("aws_iam_user.admin", "Boss"),
        _allowed(
            ('"ssm:GetParameter"', "aws_ssm_parameter.end.arn", '"arn:aws:ssm:*:*:parameter/end"')
        ),
        (
            """
resource "aws_iam_user" "admin" {
  name = "admin"
}
resource "aws_iam_user_policy_attachment" "admin" {
  user       = aws_iam_user.admin.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_access_key" "admin" {
  user   = aws_iam_user.admin.name
  status = "Active"
}
resource "aws_ssm_parameter" "end" {
  name  = "end"
  type  = "String"
  value = aws_iam_access_key.admin.secret
}
""",
            f"""
  Boss:
    Type: AWS::IAM::User
    Properties: {{{_ADMINISTRATOR_YAML}}}
  BossKey: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !Ref Boss, Status: Active}}}}
  End:
    Type: AWS::SSM::Parameter
    Properties: {{Name: end, Type: String, Value: !GetAtt BossKey.SecretAccessKey}}
""",
        ),
        PLAIN,
        _denied("ssm:GetParameter"),
        _instead("ssm:GetParameter", "ssm:DescribeParameters"),
        Blocker(
            "the key is off", ('"Active"', '"Inactive"'), ("Status: Active", "Status: Inactive")
        ),
    ),
    "its own policies": _end(
        ("aws_iam_role.start", "Start"),
        _allowed(('"iam:PutRolePolicy"', "aws_iam_role.start.arn", "!GetAtt Start.Arn")),
        ("", ""),
        _denied("iam:PutRolePolicy"),
        _instead("iam:PutRolePolicy", "iam:GetRolePolicy"),
    ),
    "its own role": _end(
        ("aws_iam_role.start", "Start"), _allowed(('"*"', '"*"', '"*"')), ("", ""), _denied("*")
    ),
    "a secret": _end(
        ("aws_secretsmanager_secret.end", "End"),
        _allowed(
            ('"secretsmanager:GetSecretValue"', "aws_secretsmanager_secret.end.arn", "!Ref End")
        ),
        (
            """
resource "aws_kms_key" "end" {
}
resource "aws_secretsmanager_secret" "end" {
  name = "end"
}
""",
            """
  Key: {Type: AWS::KMS::Key}
  End: {Type: AWS::SecretsManager::Secret, Properties: {Name: end}}
""",
        ),
        _denied("secretsmanager:GetSecretValue"),
        _instead("GetSecretValue", "DescribeSecret"),
        Blocker(
            "it is under a key",
            ('name = "end"', 'name = "end"\n  kms_key_id = aws_kms_key.end.arn'),
            ("{Name: end}", "{Name: end, KmsKeyId: !Ref Key}"),
        ),
        Blocker(
            "its policy denies",
            (
                'name = "end"',
                (
                    'name = "end"\n  policy = jsonencode({ Statement = [{ Effect = "Deny",'
                    ' Action = "secretsmanager:*", Principal = "*", Resource = "*" }] })'
                ),
            ),
            (
                "{Name: end}}\n",
                """{Name: end}}
  Own:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref End
      ResourcePolicy:
        Statement: [{Effect: Deny, Action: "secretsmanager:*", Principal: "*", Resource: "*"}]
""",
            ),
        ),
    ),
    "a secret under a key": _end(
        ("aws_secretsmanager_secret.end", "End"),
        _allowed(
            ('"secretsmanager:GetSecretValue"', "aws_secretsmanager_secret.end.arn", "!Ref End"),
            ('"kms:Decrypt"', "aws_kms_key.end.arn", "!GetAtt Key.Arn"),
        ),
        _KEYED,
        _denied("kms:Decrypt"),
        _instead("kms:Decrypt", "kms:Encrypt"),
        _denied("secretsmanager:GetSecretValue"),
        CLOSED,
    ),
    "a secret under a key that may be granted": _end(
        ("aws_secretsmanager_secret.end", "End"),
        _allowed(
            ('"secretsmanager:GetSecretValue"', "aws_secretsmanager_secret.end.arn", "!Ref End"),
            ('"kms:CreateGrant"', "aws_kms_key.end.arn", "!GetAtt Key.Arn"),
        ),
        _KEYED,
        _denied("kms:CreateGrant"),
        _instead("kms:CreateGrant", "kms:Encrypt"),
        _denied("kms:Decrypt"),
        _denied("secretsmanager:GetSecretValue"),
        CLOSED,
    ),
    "a secret under a key whose policy may be changed": _end(
        ("aws_secretsmanager_secret.end", "End"),
        _allowed(
            ('"secretsmanager:GetSecretValue"', "aws_secretsmanager_secret.end.arn", "!Ref End"),
            ('"kms:PutKeyPolicy"', "aws_kms_key.end.arn", "!GetAtt Key.Arn"),
        ),
        _KEYED,
        _denied("kms:PutKeyPolicy"),
        _instead("kms:PutKeyPolicy", "kms:Encrypt"),
        _denied("kms:Decrypt"),
        _denied("secretsmanager:GetSecretValue"),
        CLOSED,
    ),
    "a key that guards a secret": _key("kms:Decrypt"),
    "a key that may be granted": _key("kms:CreateGrant", "kms:Decrypt"),
    "a key whose policy may be changed": _key("kms:PutKeyPolicy", "kms:Decrypt"),
    "a key whose policy admits": _end(
        _KEY,
        _NOTHING,
        (_KEYED[0].replace(*_OF_START[0]), _KEYED[1].replace(*_OF_START[1])),
        _denied("kms:Decrypt"),
        _instead('"kms:*"', '"kms:Encrypt"', "Action: kms:*", "Action: kms:Encrypt"),
        _unguarded(),
    ),
    "a key that is granted": _end(
        (_KEY[0], ""),
        _NOTHING,
        _sum(_KEYED, (_GRANTED, "")),
        _denied("kms:Decrypt"),
        _instead('operations        = ["Decrypt"]', 'operations        = ["Encrypt"]'),
        _instead("aws_iam_role.start.arn\n  op", "aws_iam_role.keeper.arn\n  op"),
        _unguarded(),
    ),
    "a secret whose policy may be changed": _end(
        ("aws_secretsmanager_secret.end", "End"),
        _allowed(
            ('"secretsmanager:PutResourcePolicy"', "aws_secretsmanager_secret.end.arn", "!Ref End")
        ),
        (
            """
resource "aws_secretsmanager_secret" "end" {
  name = "end"
}
""",
            """
  End: {Type: AWS::SecretsManager::Secret, Properties: {Name: end}}
""",
        ),
        _denied("secretsmanager:PutResourcePolicy"),
        _instead("PutResourcePolicy", "GetResourcePolicy"),
    ),
    "a bucket whose policy may be changed": _end(
        ("aws_s3_bucket.end", "End"),
        _allowed(('"s3:PutBucketPolicy"', "aws_s3_bucket.end.arn", "!GetAtt End.Arn")),
        _BUCKET,
        _denied("s3:PutBucketPolicy"),
        _instead("s3:PutBucketPolicy", "s3:GetBucketPolicy"),
        UNTAGGED,
    ),
    "a database whose snapshots may be shared": _end(
        _STORE,
        _allowed(
            ('"rds:CreateDBSnapshot"', '"*"', '"*"'), ('"rds:ModifyDBSnapshotAttribute"', *_EVERY)
        ),
        _DATABASE,
        _denied("rds:CreateDBSnapshot"),
        _denied("rds:ModifyDBSnapshotAttribute"),
        _instead("ModifyDBSnapshotAttribute", "DescribeDBSnapshotAttributes"),
        Blocker(
            "it is under AWS's own key",
            ("storage_encrypted    = false", "storage_encrypted    = true"),
            ("StorageEncrypted: false", "StorageEncrypted: true"),
        ),
    ),
    "a cluster whose snapshots may be shared": _end(
        ("aws_rds_cluster.end", "End"),
        _allowed(
            ('"rds:CreateDBClusterSnapshot"', '"*"', '"*"'),
            ('"rds:ModifyDBClusterSnapshotAttribute"', *_EVERY),
        ),
        (
            """
resource "aws_rds_cluster" "end" {
  engine            = "aurora-postgresql"
  storage_encrypted = false
}
""",
            """
  End:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, StorageEncrypted: false}
""",
        ),
        _denied("rds:ModifyDBClusterSnapshotAttribute"),
        _instead("ModifyDBClusterSnapshotAttribute", "DescribeDBClusterSnapshotAttributes"),
        Blocker(
            "it is under AWS's own key",
            ("storage_encrypted = false", "storage_encrypted = true"),
            ("StorageEncrypted: false", "StorageEncrypted: true"),
        ),
    ),
    "a database under a key, whose snapshots may be shared": _end(
        _STORE,
        _allowed(
            ('"rds:CreateDBSnapshot"', '"*"', '"*"'),
            ('"rds:ModifyDBSnapshotAttribute"', *_EVERY),
            ('"kms:CreateGrant"', "aws_kms_key.end.arn", "!GetAtt Key.Arn"),
        ),
        _LOCKED,
        _denied("rds:ModifyDBSnapshotAttribute"),
        _instead("kms:CreateGrant", "kms:Encrypt"),
        CLOSED,
    ),
    "a database that may be exported": _end(
        _STORE,
        _allowed(
            ('"rds:CreateDBSnapshot"', '"*"', '"*"'),
            ('"rds:StartExportTask"', *_EVERY),
            ('"iam:PassRole"', "aws_iam_role.writer.arn", "!GetAtt Writer.Arn"),
            ('["kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt"]', *_KEY_ARN),
            ('"s3:GetObject"', '"${aws_s3_bucket.out.arn}/*"', '!Sub "${Out.Arn}/*"'),
        ),
        _sum(_DATABASE, _EXPORTS),
        _denied("rds:StartExportTask"),
        _instead("rds:StartExportTask", "rds:CancelExportTask"),
        _denied("iam:PassRole"),
        _denied("kms:CreateGrant"),
        _denied("s3:GetObject"),
        _denied("rds:CreateDBSnapshot"),
        Blocker(
            "RDS is not trusted",
            ("export.rds.amazonaws.com", "ec2.amazonaws.com"),
            ("export.rds.amazonaws.com", "ec2.amazonaws.com"),
        ),
        Blocker(
            "it writes nowhere",
            ('Action = "s3:PutObject*"', 'Action = "s3:ListBucket"'),
            ('Action: "s3:PutObject*"', 'Action: "s3:ListBucket"'),
        ),
    ),
    "a database that may be restored": _end(
        _STORE,
        _allowed(
            ('"rds:CreateDBSnapshot"', '"*"', '"*"'),
            ('["rds:RestoreDBInstanceFromDBSnapshot", "rds:CreateDBSubnetGroup"]', *_EVERY),
            ('"rds:ModifyDBInstance"', '"arn:aws:rds:*:*:db:*"', '"arn:aws:rds:*:*:db:*"'),
        ),
        _sum(_DATABASE, _OPEN),
        _denied("rds:ModifyDBInstance"),
        _denied("rds:CreateDBSubnetGroup"),
        _NOT_OPEN,
        _on_itself("rds:RestoreDBInstanceFromDBSnapshot"),
    ),
    "a database whose password may be set": _end(
        _STORE,
        _allowed(
            (
                '"rds:ModifyDBInstance"',
                "aws_db_instance.end.arn",
                '!Sub "arn:aws:rds:*:*:db:${End}"',
            ),
            ('"rds:CreateDBSubnetGroup"', *_EVERY),
        ),
        _sum(_DATABASE, _OPEN),
        _denied("rds:ModifyDBInstance"),
        _instead("rds:ModifyDBInstance", "rds:RebootDBInstance"),
        _denied("rds:CreateDBSubnetGroup"),
        _NOT_OPEN,
    ),
    "a function that may be opened to all": _end(
        ("aws_lambda_function.end", "End"),
        _allowed(('"lambda:AddPermission"', "aws_lambda_function.end.arn", "!GetAtt End.Arn")),
        (
            f"""
resource "aws_lambda_function" "end" {{
  function_name = "end"
  role          = "arn:aws:iam::111122223333:role/plain"
  handler       = "i.h"
  runtime       = "python3.13"
  filename      = "f.zip"
  {_TAGS[0]}
}}
""",
            f"""
  End:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/plain
      Handler: i.h
      Runtime: python3.13
      Code: {{ZipFile: "1"}}
      {_TAGS[1]}
""",
        ),
        _denied("lambda:AddPermission"),
        # A URL opens nothing while the function's policy admits nobody.
        _instead("lambda:AddPermission", "lambda:CreateFunctionUrlConfig"),
        UNTAGGED,
    ),
    "a parameter": _end(
        ("aws_ssm_parameter.end", ""),
        _allowed(
            (
                '"ssm:GetParameter"',
                '"arn:aws:ssm:*:*:parameter/app/*"',
                '"arn:aws:ssm:*:*:parameter/app/*"',
            )
        ),
        (
            """
resource "aws_ssm_parameter" "end" {
  name  = "/app/end"
  type  = "SecureString"
  value = "x"
}
""",
            "",  # CloudFormation makes no parameter of type SecureString
        ),
        _denied("ssm:GetParameter"),
        _instead("ssm:GetParameter", "ssm:DescribeParameters"),
        Blocker(
            "it is plain text", ("SecureString", "String"), ("ssm:GetParameter", "ssm:GetParameter")
        ),
    ),
    "a bucket": _end(
        ("aws_s3_bucket.end", "End"),
        _allowed(('"s3:GetObject"', '"${aws_s3_bucket.end.arn}/*"', '!Sub "${End.Arn}/*"')),
        _BUCKET,
        _denied("s3:GetObject"),
        _instead("s3:GetObject", "s3:PutObject"),
        UNTAGGED,
    ),
    "a table": _end(
        ("aws_dynamodb_table.end", "End"),
        _allowed(('"dynamodb:Query"', "aws_dynamodb_table.end.arn", "!GetAtt End.Arn")),
        (
            f"""
resource "aws_dynamodb_table" "end" {{
  name = "end"
  {_TAGS[0]}
}}
""",
            f"""
  End: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: end, {_TAGS[1]}}}}}
""",
        ),
        _denied("dynamodb:Query"),
        _instead("dynamodb:Query", "dynamodb:PutItem"),
        UNTAGGED,
    ),
    "a disk": _end(
        ("aws_ebs_volume.end", "End"),
        _allowed(('["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]', '"*"', '"*"')),
        (
            """
resource "aws_ebs_volume" "end" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = false
}
""",
            """
  End:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: eu-west-1a, Size: 10, Encrypted: false}
""",
        ),
        _denied("ec2:CreateSnapshot"),
        _instead("ModifySnapshotAttribute", "DescribeSnapshots"),
    ),
    "a database": _end(
        ("aws_db_instance.end", "End"),
        _allowed(('"ssm:SendCommand"', '"*"', '"*"')),
        (
            _INNER[0]
            .replace(
                "  iam_instance_profile = aws_iam_instance_profile.admin.name\n",
                "  iam_instance_profile = aws_iam_instance_profile.inner.name\n",
            )
            .split('resource "aws_instance')[1]
            .join(('\nresource "aws_instance', ""))
            + """
resource "aws_iam_role" "inner" {
  assume_role_policy  = local.ec2
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
}
resource "aws_iam_instance_profile" "inner" {
  role = aws_iam_role.inner.name
}
resource "aws_security_group" "end" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_db_subnet_group" "end" {
  name       = "end"
  subnet_ids = [aws_subnet.inside.id]
}
resource "aws_db_instance" "end" {
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.end.name
  vpc_security_group_ids = [aws_security_group.end.id]
}
""",
            _INNER[1].split("\n", 2)[2].replace("AdminProfile", "InnerProfile")
            + """
  InnerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ec2.amazonaws.com}}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
  InnerProfile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref InnerRole]}}
  EndGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: end
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}
  EndSubnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: end, SubnetIds: [!Ref Inside]}
  End:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBSubnetGroupName: !Ref EndSubnets
      VPCSecurityGroups: [!Ref EndGroup]
""",
        ),
        Blocker(
            "its group does not admit",
            (
                'to_port     = 5432\n    cidr_blocks = ["10.0.0.0/16"]',
                'to_port     = 5432\n    cidr_blocks = ["10.0.9.0/24"]',
            ),
            ("ToPort: 5432, CidrIp: 10.0.0.0/16", "ToPort: 5432, CidrIp: 10.0.9.0/24"),
        ),
    ),
}
"""What paths lead to."""

HOSTS: Final = ("a forged request", "a login", "a load balancer")
"""Entries that begin with the internet."""
PRIVILEGED: Final = ("its own role", "its own policies", "a disk")
"""Ends for which the role ``start`` is privileged by itself."""


_READ: Final = (
    "a user whose key a",
    "a secret",
    "a parameter",
    "a bucket",
    "a table",
    "a key",
    "a database ",
    "a cluster",
    "a function that",
)
"""How the names of ends begin that are, or lead on by, what is read."""


def code(entry: str, end: str) -> str | None:
    """The check that says that an entry leads to an end; ``None`` where nothing does."""
    if entry not in HOSTS:
        return "PATH018" if end in PRIVILEGED and entry != "an endpoint service" else "PATH019"
    if end == "a database":
        # That an application talks to its store is its service (semantics.md, E, guard 11).
        return None if entry == "a load balancer" else "PATH007"
    alone = {"its own role": "PATH004", "its own policies": "PATH004", "a disk": "PATH013"}
    reads = end.startswith(_READ)
    return alone.get(end, "PATH019" if reads else "PATH009")


def name(entry: str, end: str, language: int) -> str:
    """What the finding calls the end: where the role is privileged by itself, it is that."""
    if end in PRIVILEGED and entry not in HOSTS:
        end = "its own policies"
    return ENDS[end].named[language]
