"""Which boot scripts ask the instance metadata service without a token."""

from __future__ import annotations

import pytest

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE
from iac_ec2lint.compute.scripts.metadata_requests import request_without_token

AT = "http://169.254.169.254/latest"
TTL = "X-aws-ec2-metadata-token-ttl-seconds: 60"
PUT = f'curl -sX PUT "{AT}/api/token" -H "{TTL}"'
BRING = "X-aws-ec2-metadata-token: $TOKEN"

POWERSHELL = f"""\
[string]$t = Invoke-RestMethod -Headers @{{"X-aws-ec2-metadata-token-ttl-seconds" = "60"}} `
  -Method PUT -Uri {AT}/api/token
Invoke-RestMethod -Headers @{{"X-aws-ec2-metadata-token" = $t}} -Uri {AT}/meta-data/
"""


@pytest.mark.parametrize(
    ("script", "url"),
    [
        (f"curl {AT}/meta-data/instance-id", f"{AT}/meta-data/instance-id"),
        ("wget -qO- 169.254.169.254/latest/user-data", "169.254.169.254/latest/user-data"),
        (
            "/usr/bin/curl -s http://instance-data/latest/meta-data/",
            "http://instance-data/latest/meta-data/",
        ),
        (
            "curl http://[fd00:ec2::254]/latest/meta-data/",
            "http://[fd00:ec2::254]/latest/meta-data/",
        ),
        (f"ID=$(curl -s {AT}/meta-data/instance-id)", f"{AT}/meta-data/instance-id"),
        (f"ID=`curl -s {AT}/meta-data/instance-id`", f"{AT}/meta-data/instance-id"),
        (f'export ID="$(curl -s "{AT}/meta-data/instance-id")"', f"{AT}/meta-data/instance-id"),
        (
            f"curl -s {AT}/dynamic/instance-identity/document | jq -r .region",
            f"{AT}/dynamic/instance-identity/document",
        ),
        (f"curl -s \\\n  --retry 3 \\\n  {AT}/meta-data/hostname", f"{AT}/meta-data/hostname"),
        # The header of the token request is not the token.
        (f"TOKEN=$({PUT}); curl -s {AT}/meta-data/", f"{AT}/meta-data/"),
        (f"TOKEN=$({PUT})\ncurl -s {AT}/meta-data/", f"{AT}/meta-data/"),
        # A variable of the script holds the address, or the client.
        (f"BASE={AT}\ncurl -s $BASE/meta-data/", f"{AT}/meta-data/"),
        (f'BASE="{AT}"\ncurl -s "${{BASE}}/meta-data/"', f"{AT}/meta-data/"),
        (f"CURL='curl -s --fail'\n$CURL {AT}/meta-data/", f"{AT}/meta-data/"),
        (f"Invoke-RestMethod -Uri {AT}/meta-data/", f"{AT}/meta-data/"),
        (f"$id = (Invoke-WebRequest `\n  -Uri {AT}/meta-data/).Content", f"{AT}/meta-data/"),
        (f'requests.get("{AT}/meta-data/")', f"{AT}/meta-data/"),
        (f"#cloud-config\nruncmd:\n  - curl -s {AT}/meta-data/ > /tmp/x", f"{AT}/meta-data/"),
        (f'#cloud-config\nruncmd:\n  - [ curl, -s, "{AT}/meta-data/" ]', f"{AT}/meta-data/"),
    ],
)
def test_requests_without_a_token(script: str, url: str) -> None:
    found = request_without_token(script)
    assert found is not None
    assert found.line
    assert found.url == url
    assert found.line in {line.strip() for line in script.splitlines()}


@pytest.mark.parametrize(
    "script",
    [
        "",
        "#!/bin/bash\nyum install -y curl wget",
        f"# curl {AT}/meta-data/",
        f"  # curl {AT}/meta-data/ \\\necho",
        f'TOKEN=$({PUT})\ncurl -H "{BRING}" {AT}/meta-data/',
        f'TOKEN=`{PUT}` \\\n&& curl -H "{BRING}" -v {AT}/meta-data/',
        f'T=`curl -X PUT \\\n  "{AT}/api/token" \\\n  -H "{TTL}"`\ncurl -H "{BRING}" {AT}/x',
        f'curl -H "X-aws-ec2-metadata-token: $({PUT})" {AT}/meta-data/',
        f'TOKEN=$({PUT})\nHDR="{BRING}"\ncurl -s -H "$HDR" {AT}/meta-data/',
        f'TOKEN=$({PUT})\nwget --header "{BRING}" -qO- {AT}/meta-data/',
        f"{PUT}",
        f'BASE={AT}\nTOKEN=$(curl -sX PUT $BASE/api/token -H "{TTL}")\ncurl -sH "{BRING}" $BASE/x',
        f'curl -s \\\n  -H "{BRING}" \\\n  {AT}/meta-data/',
        POWERSHELL,
        f'r = requests.get("{AT}/meta-data/",\n    headers={{"X-aws-ec2-metadata-token": token}})',
        "iptables -A OUTPUT -d 169.254.169.254 -j DROP",
        "export NO_PROXY=169.254.169.254,localhost",
        "curl --noproxy 169.254.169.254 https://example.com/",
        f"echo {AT}",
        "curl http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "curl https://example.com/169.254.169.254",
        "ec2-metadata --instance-id",
        f"echo {UNKNOWN_PIECE}",
        f"curl https://example.com/{UNKNOWN_PIECE}",
        f"curl -sO https://{UNKNOWN_PIECE}/setup.sh",
    ],
)
def test_scripts_that_do_not_ask_without_a_token(script: str) -> None:
    assert request_without_token(script) is None


@pytest.mark.parametrize(
    "script",
    [
        f"#!/bin/bash\n{UNKNOWN_PIECE}\necho done",
        f"curl -s {UNKNOWN_PIECE}",
        f'ID=$(curl -s "{UNKNOWN_PIECE}")',
        f"curl -s http://{UNKNOWN_PIECE}/latest/meta-data/",
    ],
)
def test_an_unknown_piece_may_ask(script: str) -> None:
    found = request_without_token(script)
    assert found is not None
    assert not found.line


def test_the_first_request_is_the_one_that_is_told() -> None:
    found = request_without_token(f"curl {AT}/first\ncurl {AT}/second")
    assert found is not None
    assert found.url == f"{AT}/first"
    assert found.line == f"curl {AT}/first"
