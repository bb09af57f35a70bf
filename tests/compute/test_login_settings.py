"""What boot scripts say about logins, read as the shell and cloud-init read them."""

from __future__ import annotations

import base64
import gzip
import re

import pytest

from iac_ec2lint.compute.scripts.logins.setting import Setting
from iac_ec2lint.compute.scripts.logins.user_data import login_settings
from iac_ec2lint.compute.scripts.sed import read_call
from iac_ec2lint.compute.scripts.shell.words import piece_of

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF92DOVkt9HciXHbfbrsD1l6zKB7n"
SSHD = "/etc/ssh/sshd_config"
PIECE = piece_of(0)
PASSWORDS = "PasswordAuthentication yes"
ROOT = "PermitRootLogin yes"


def said(script: str) -> list[str]:
    """What is said, with the lines: a question mark where it may be."""
    return [f"{one.number}{_mark(one)} {one.what or one.kind}" for one in login_settings(script)]


def _mark(setting: Setting) -> str:
    return "?" if setting.doubt or setting.reason else ""


def bash(*lines: str) -> str:
    return "\n".join(["#!/bin/bash", *lines])


def config(*lines: str) -> str:
    return "\n".join(["#cloud-config", *lines])


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # Written to the file.
        ([f"echo '{PASSWORDS}' >> {SSHD}"], [f"2 {PASSWORDS}"]),
        ([f'echo "{PASSWORDS}" | sudo tee -a {SSHD} > /dev/null'], [f"2 {PASSWORDS}"]),
        ([f'printf "%s\\n" "{ROOT}" "UsePAM yes" >> {SSHD}'], [f"2 {ROOT}"]),
        ([f"echo -e 'UsePAM yes\\n{ROOT}' >>{SSHD}"], [f"2 {ROOT}"]),
        (
            ["passwordauthentication=yes", f"echo permitrootlogin Yes >> {SSHD}"],
            ["3 PermitRootLogin Yes"],
        ),
        (
            ["cat > /etc/ssh/sshd_config.d/50-login.conf <<EOF", "# logins", PASSWORDS, "EOF"],
            [f"4 {PASSWORDS}"],
        ),
        (
            ["cat <<-'EOF' | sudo tee /etc/ssh/sshd_config.d/a.conf", f"\t{ROOT}", "\tEOF", "date"],
            [f"3 {ROOT}"],
        ),
        (["{", "  echo 'Port 22'", f"  echo '{ROOT}'", f"}} > {SSHD}"], [f"4 {ROOT}"]),
        ([f"(echo '{ROOT}'; date) | tee {SSHD}"], [f"2 {ROOT}"]),
        ([f"sudo bash -c \"echo '{PASSWORDS}' >> {SSHD}\""], [f"2 {PASSWORDS}"]),
        (["sudo -i <<'EOF'", "date", f"echo {ROOT} >> {SSHD}", "EOF"], [f"4 {ROOT}"]),
        (["FILE=/etc/ssh/sshd_config", f'echo "{ROOT}" >> "$FILE"'], [f"3 {ROOT}"]),
        (
            ["DIR=/etc/ssh; VALUE=yes", 'echo "PermitRootLogin ${VALUE}" >> ${DIR}/sshd_config'],
            [f"3 {ROOT}"],
        ),
        (["cat > /tmp/new <<EOF", ROOT, "EOF", f"install -m 600 /tmp/new {SSHD}"], [f"3 {ROOT}"]),
        (
            [
                "cat > /root/setup.sh <<'EOF'",
                "#!/bin/sh",
                f"echo {ROOT} >> {SSHD}",
                "EOF",
                "sh /root/setup.sh",
            ],
            [f"4 {ROOT}"],
        ),
        ([f"echo {ROOT} \\", f"  >> {SSHD}"], [f"2 {ROOT}"]),
        ([f'[ "a" = "b" ] && date || echo "{ROOT}" >> {SSHD}'], [f"2 {ROOT}"]),
        ([f"grep -q '^{ROOT}' {SSHD} || echo '{ROOT}' >> {SSHD}"], [f"2 {ROOT}"]),
        ([f"if [ -f {SSHD} ]; then", f"  echo '{ROOT}' >> {SSHD}", "fi"], [f"3 {ROOT}"]),
        (["open() {", f"  echo '{ROOT}' >> {SSHD}", "}", "open"], [f"3 {ROOT}"]),
        ([f"/usr/sbin/sshd -p 2222 -o {ROOT.replace(' ', '=')}"], [f"2 {ROOT}"]),
        (
            [f"echo {base64.b64encode(ROOT.encode()).decode()} | base64 -d >> {SSHD}"],
            [f"2 {ROOT}"],
        ),
        # Loops, functions and groups.
        (
            [
                f"for option in 'Port 22' '{ROOT}' '{PASSWORDS}'; do",
                f'  echo "$option" >> {SSHD}',
                "done",
            ],
            [f"3 {ROOT}", f"3 {PASSWORDS}"],
        ),
        (
            ["set_option() {", f'  echo "$1 $2" >> {SSHD}', "}", "set_option PermitRootLogin yes"],
            [f"3 {ROOT}"],
        ),
        (
            [
                "function add {",
                "  local file=$1; shift",
                '  echo "$@" | tee -a $file',
                "}",
                f"add {SSHD} {ROOT}",
            ],
            [f"4 {ROOT}"],
        ),
        (["write() {", f"  echo {ROOT}", "}", f"write >> {SSHD}"], [f"3 {ROOT}"]),
        (["echo root:swordfish | (date; chpasswd)"], ["2 password"]),
        # Which value a variable has is known only where nothing decides it.
        (
            [
                "VALUE=yes",
                'if [ "$STAGE" = prod ]; then',
                "  VALUE=no",
                "fi",
                f'echo "PermitRootLogin $VALUE" >> {SSHD}',
            ],
            [f"6? {ROOT}"],
        ),
        (
            [
                "VALUE=yes",
                "[ -f /etc/hard ] && VALUE=no",
                f'echo "PermitRootLogin $VALUE" >> {SSHD}',
            ],
            [f"4? {ROOT}"],
        ),
        (
            [
                "VALUE=yes",
                "test -f /etc/hard && {",
                "  VALUE=no",
                "}",
                f'echo "PermitRootLogin $VALUE" >> {SSHD}',
            ],
            [f"6? {ROOT}"],
        ),
        ([f'while read -r option; do echo "$option" >> {SSHD}; done < list'], ["2? anything"]),
        (["later() {", f"  echo '{ROOT}' >> {SSHD}", "}", "trap later EXIT"], [f"3? {ROOT}"]),
        # Edited in the file.
        ([f"sed -i 's/^#PasswordAuthentication no/{PASSWORDS}/' {SSHD}"], [f"2 {PASSWORDS}"]),
        ([f"sed -i 's/PasswordAuthentication no/{PASSWORDS}/g' {SSHD}"], [f"2 {PASSWORDS}"]),
        ([rf"sudo sed -ri 's/^#?(PermitRootLogin)\s+.*$/\1 yes/' {SSHD}"], [f"2 {ROOT}"]),
        ([rf"sed -i.bak -e 's/^#*\(PermitRootLogin\) .*/\1 yes/' {SSHD}"], [f"2 {ROOT}"]),
        ([f"sed -i '/^PasswordAuthentication/s/no/yes/' {SSHD}"], [f"2 {PASSWORDS}"]),
        ([f'sed -i "s|#PermitRootLogin prohibit-password|{ROOT}|" {SSHD}'], [f"2 {ROOT}"]),
        ([f"sed -i '/PasswordAuthentication/c {PASSWORDS}' {SSHD}"], [f"2 {PASSWORDS}"]),
        ([f"sed -i '$ a {PASSWORDS}' {SSHD}"], [f"2 {PASSWORDS}"]),
        ([f"sed -i 's/^#{ROOT}/{ROOT}/' {SSHD}"], [f"2 {ROOT}"]),
        (
            [f"perl -pi -e 's/^#?PasswordAuthentication\\s+no/{PASSWORDS}/' {SSHD}"],
            [f"2 {PASSWORDS}"],
        ),
        (
            [f"sed 's/PermitRootLogin no/{ROOT}/' {SSHD} > /etc/ssh/sshd_config.d/x.conf"],
            [f"2 {ROOT}"],
        ),
        (
            [f"find {SSHD}.d -exec sed -i 's/PermitRootLogin no/{ROOT}/' {{}} +"],
            [f"2 {ROOT}"],
        ),
        # What a commented line of the image says is not known.
        ([f"sed -i 's/^#PermitRootLogin/PermitRootLogin/' {SSHD}"], [f"2? {ROOT}"]),
        ([f'sed -i "s/.*PermitRootLogin.*/PermitRootLogin $1/" {SSHD}'], [f"2? {ROOT}"]),
        ([f'echo "{ROOT}" >> "$1"'], [f"2? {ROOT}"]),
        # Passwords.
        (["echo 'ubuntu:swordfish' | chpasswd"], ["2 password"]),
        (
            ["chpasswd <<EOF", "root:swordfish", "admin:swordfish", "EOF"],
            ["3 password", "4 password"],
        ),
        (["sudo chpasswd <<< 'root:swordfish'"], ["2 password"]),
        (["echo swordfish | passwd --stdin root"], ["2 password"]),
        (["printf 'swordfish\\nswordfish\\n' | passwd root"], ["2 password"]),
        (["PASSWORD=swordfish", 'echo "root:$PASSWORD" | chpasswd'], ["3 password"]),
        (["useradd -m -p '$6$salt$hash' admin"], ["2 password"]),
        (['usermod --password "$(openssl passwd -6 swordfish)" root'], ["2 password"]),
        (["dscl . -passwd /Users/ec2-user swordfish"], ["2 password"]),
        # Keys.
        ([f"echo '{ED25519}' >> /home/ec2-user/.ssh/authorized_keys"], ["2 key"]),
        (
            ["cat >> ~/.ssh/authorized_keys <<'KEYS'", "# support", f"{ED25519} support", "KEYS"],
            ["4 key"],
        ),
        ([f'KEY="{ED25519}"', 'echo "$KEY" | tee -a /root/.ssh/authorized_keys'], ["3 key"]),
        # Root for everyone.
        (["echo 'ALL ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/all"], ["2 sudo"]),
        (["echo 'Defaults !authenticate' >> /etc/sudoers"], ["2 sudo"]),
        # The next boot of cloud-init.
        (
            ["sed -i 's/^ssh_pwauth:.*/ssh_pwauth: true/' /etc/cloud/cloud.cfg"],
            ["2 ssh_pwauth: true"],
        ),
        (
            ["echo 'disable_root: false' > /etc/cloud/cloud.cfg.d/99-root.cfg"],
            ["2 disable_root: false"],
        ),
    ],
)
def test_what_opens_logins_is_seen(lines: list[str], found: list[str]) -> None:
    assert said(bash(*lines)) == found


@pytest.mark.parametrize(
    "lines",
    [
        [f"# echo '{PASSWORDS}' >> {SSHD}"],
        [f"echo '{PASSWORDS}'"],
        [f"echo 'set {PASSWORDS} in {SSHD}'"],
        [f"echo '{PASSWORDS}' > /root/notes.txt"],
        [f"echo '{PASSWORDS}' >> /etc/ssh/ssh_config"],
        [f"echo 'Port 22 # {PASSWORDS}' >> {SSHD}"],
        [f"echo '#{ROOT}' >> {SSHD}"],
        [f"grep -E '^{PASSWORDS}' {SSHD}"],
        [f"if grep -q '{ROOT}' {SSHD}; then exit 1; fi"],
        ["cat <<EOF", PASSWORDS, "EOF"],
        ["cat > /tmp/new <<EOF", f"#{PASSWORDS}", "EOF", f"cp /tmp/new {SSHD}"],
        [f"echo 'PermitRootLogin without-password' >> {SSHD}"],
        [f"echo 'PermitRootLogin prohibit-password' >> {SSHD}"],
        [f"echo 'PermitRootLogin no' >> {SSHD}; echo yes"],
        [f"sed -i 's/{PASSWORDS}/PasswordAuthentication no/' {SSHD}"],
        [rf"sed -i 's/^#\?PermitRootLogin.*/PermitRootLogin no/' {SSHD}"],
        [f"sed -i 's/^{PASSWORDS}/#&/' {SSHD}"],
        [f"sed -i 's/#UsePAM yes/UsePAM yes/' {SSHD}"],
        [f"sed -i '/UsePAM/s/no/yes/' {SSHD}"],
        [f"sed 's/PasswordAuthentication no/{PASSWORDS}/' {SSHD}"],
        [f"sed -i 's/PasswordAuthentication no/{PASSWORDS}/' /etc/ssh/ssh_config"],
        [f"ssh -o {PASSWORDS.replace(' ', '=')} host date"],
        ["ssh host <<EOF", f"echo {ROOT} >> {SSHD}", "EOF"],
        ['if [ "false" = "true" ]; then', f"echo '{ROOT}' >> {SSHD}", "fi"],
        ['if [[ "a" == "a" ]]; then', "date", "else", f"echo '{ROOT}' >> {SSHD}", "fi"],
        ['echo "root:$(openssl rand -base64 24)" | chpasswd'],
        [
            "PASSWORD=$(aws ssm get-parameter --name p --query Parameter.Value --output text)",
            'echo "root:$PASSWORD" | chpasswd',
        ],
        ["passwd -l root", "usermod -p '!' admin", "chpasswd < /run/passwords"],
        ["echo 'mysql:swordfish' > /root/note", "useradd -m admin"],
        [
            "curl -s http://169.254.169.254/latest/meta-data/public-keys/0/openssh-key \\",
            "  >> ~/.ssh/authorized_keys",
        ],
        [
            "cat /home/ec2-user/.ssh/authorized_keys > /root/.ssh/authorized_keys",
            "chmod 600 /root/.ssh/authorized_keys",
        ],
        [f"echo '{ED25519}' >> ~/.ssh/known_hosts"],
        ["echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy"],
        ["echo '%wheel ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/wheel"],
        ["echo 'ALL ALL=(root) NOPASSWD: /usr/bin/systemctl restart web' > /etc/sudoers.d/restart"],
        ["docker run image sh -c \"echo 'root:swordfish' | chpasswd\""],
        [
            f'[ "false" = "true" ] && echo {ROOT} >> {SSHD}',
            f'[ "a" = "a" ] || echo {ROOT} >> {SSHD}; false && chpasswd <<< root:swordfish',
        ],
        [
            "for option in 'PermitRootLogin no' 'PasswordAuthentication no'; do",
            f'  echo "$option" >> {SSHD}',
            "done",
        ],
        ["set_option() {", f'  echo "$1 $2" >> {SSHD}', "}", "set_option PermitRootLogin no"],
        ["VALUE=yes", "VALUE=no", f'echo "PermitRootLogin $VALUE" >> {SSHD}'],
        ["case $1 in", "  yes|on) date ;;", "  *) date ;;", "esac"],
    ],
)
def test_what_opens_no_logins_is_not(lines: list[str]) -> None:
    assert said(bash(*lines)) == []


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["ssh_pwauth: true"], ["2 ssh_pwauth: true"]),
        (["ssh_pwauth: yes", "disable_root: no"], ["2 ssh_pwauth: yes", "3 disable_root: no"]),
        (["ssh_pwauth: '1'", "disable_root: 0"], ["2 ssh_pwauth: 1", "3 disable_root: 0"]),
        (["password: swordfish"], ["2 password"]),
        (["chpasswd:", "  list: |", "    root:swordfish", "    admin:RANDOM"], ["4 password"]),
        (["chpasswd:", "  list: ['root:swordfish', 'admin:R']"], ["3 password"]),
        (
            [
                "chpasswd:",
                "  users:",
                "    - {name: a, password: swordfish, type: text}",
                "    - {name: b, type: RANDOM}",
            ],
            ["4 password"],
        ),
        (
            [
                "users:",
                "  - default",
                "  - name: a",
                "    lock_passwd: false",
                "    passwd: $6$salt$hash",
            ],
            ["6 password"],
        ),
        (["ssh_authorized_keys:", f"  - {ED25519}"], ["3 key"]),
        (
            ["users:", "  root:", "    lock_passwd: false", "    passwd: $6$salt$hash"],
            ["5 password"],
        ),
        (["users:", "  - name: a", f"    ssh_authorized_keys: ['{ED25519}']"], ["4 key"]),
        (
            [
                "write_files:",
                "  - path: /etc/ssh/sshd_config.d/a.conf",
                "    content: |",
                "      # logins",
                f"      {ROOT}",
            ],
            [f"6 {ROOT}"],
        ),
        (
            [
                "write_files:",
                "  - path: /etc/ssh/sshd_config.d/a.conf",
                "    encoding: b64",
                f"    content: {base64.b64encode(PASSWORDS.encode()).decode()}",
            ],
            [f"5 {PASSWORDS}"],
        ),
        (
            ["runcmd:", "  - date", f"  - sed -i 's/PermitRootLogin no/{ROOT}/' {SSHD}"],
            [f"4 {ROOT}"],
        ),
        (["runcmd:", f"  - [sh, -c, \"echo '{ROOT}' >> {SSHD}\"]"], [f"3 {ROOT}"]),
        (["bootcmd:", "  - |", "    date", "    echo root:swordfish | chpasswd"], ["5 password"]),
    ],
)
def test_what_opens_logins_in_a_cloud_config_is_seen(lines: list[str], found: list[str]) -> None:
    assert said(config(*lines)) == found


@pytest.mark.parametrize(
    "lines",
    [
        ["ssh_pwauth: false", "disable_root: true"],
        ["ssh_pwauth: unchanged"],
        ["# ssh_pwauth: true"],
        ["password: RANDOM"],
        # A password is locked unless it says otherwise.
        ["users:", "  - name: a", "    plain_text_passwd: swordfish"],
        ["users:", "  - name: a", "    sudo: ALL=(ALL) NOPASSWD:ALL"],
        ["ssh_import_id: ['gh:someone']"],
        ["write_files:", "  - path: /root/notes", f"    content: {PASSWORDS}"],
        ["final_message: 'ssh_pwauth: true'"],
        ["runcmd:", f"  - [echo, {PASSWORDS}]"],
    ],
)
def test_what_opens_no_logins_in_a_cloud_config_is_not(lines: list[str]) -> None:
    assert said(config(*lines)) == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (bash(f"echo 'PermitRootLogin {PIECE}' >> {SSHD}"), [f"2? {ROOT}"]),
        (bash(f"echo '{ROOT}' >> {PIECE}"), [f"2? {ROOT}"]),
        (bash(f'if [ "{PIECE}" = "true" ]; then', f"echo {ROOT} >> {SSHD}", "fi"), [f"3? {ROOT}"]),
        (bash(f'[ "{PIECE}" = "true" ] && echo {ROOT} >> {SSHD}'), [f"2? {ROOT}"]),
        (bash(f"echo '{ED25519}' > /opt/certificates/{PIECE}.pem"), []),
        (bash(f"echo '{ED25519}' > /opt/{PIECE}/key", f"echo {PIECE} > {PIECE}/key"), []),
        (bash(f"echo '{ED25519}' >> /home/{PIECE}/.ssh/authorized_keys"), ["2 key"]),
        (bash(f"echo '{ED25519}' >> {PIECE}/.ssh/authorized_{PIECE}"), ["2? key"]),
        (bash("date", PIECE), ["3? anything"]),
        (bash(f"yum install -y {PIECE}", f"hostnamectl set-hostname {PIECE}.example.com"), []),
        (bash(f"yum install -y {PIECE}", f"echo {ROOT} >> {SSHD}"), [f"3 {ROOT}"]),
        (bash(f"cat > {SSHD} <<EOF", PIECE, ROOT, "EOF"), ["3? anything", f"4 {ROOT}"]),
        (config(f"ssh_pwauth: {PIECE}"), ["2? ssh_pwauth: true"]),
        (config(f"disable_root: {PIECE}"), ["2? disable_root: false"]),
        (config("disable_root: true", PIECE), ["3? anything"]),
        (config(f"users: {PIECE}"), ["2? anything"]),
        (config(f"packages: {PIECE}", f"hostname: {PIECE}"), []),
    ],
)
def test_of_what_is_not_known_only_what_may_open_logins_counts(
    script: str, found: list[str]
) -> None:
    assert said(script) == found


def test_a_message_of_parts_without_any_says_nothing() -> None:
    assert said('Content-Type: multipart/mixed; boundary="//"\n\nssh_pwauth: true\n') == []


def test_the_parts_of_a_message_are_read_each_as_what_it_is() -> None:
    encoded = base64.b64encode(bash(f"echo {ROOT} >> {SSHD}").encode()).decode()
    message = "\n".join(
        [
            'Content-Type: multipart/mixed; boundary="//"',
            "MIME-Version: 1.0",
            "",
            "--//",
            'Content-Type: text/cloud-config; charset="us-ascii"',
            'Content-Disposition: attachment; filename="cloud-config.txt"',
            "",
            "ssh_pwauth: true",
            "",
            "--//",
            'Content-Type: text/x-shellscript; charset="us-ascii"',
            "",
            *bash("date", f"echo '{PASSWORDS}' >> {SSHD}").split("\n"),
            "--//",
            "Content-Type: text/x-shellscript",
            "Content-Transfer-Encoding: base64",
            "",
            encoded,
            "--//--",
        ]
    )
    assert said(message) == ["8 ssh_pwauth: true", f"15 {PASSWORDS}", f"20 {ROOT}"]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (
            (
                "<powershell>\nnet user Administrator swordfish\n"
                "echo 'PermitRootLogin yes' >> sshd_config\n</powershell>"
            ),
            [],
        ),
        ("#include\nhttps://example.com/PermitRootLogin yes", []),
        (
            f"#!/usr/bin/env python3\nopen('{SSHD}', 'a').write('{ROOT}')\n# {PASSWORDS}",
            [f"2? {ROOT}"],
        ),
        ("## template: jinja\n#cloud-config\nssh_pwauth: true", ["3 ssh_pwauth: true"]),
        (
            (
                "## template: jinja\n#cloud-config\nhostname: {{ v1.region }}-web\n{% if a %}\n"
                "ssh_pwauth: {{ b }}\n{% endif %}\ndisable_root: false"
            ),
            ["5? ssh_pwauth: true", "7 disable_root: false"],
        ),
        (f"#cloud-boothook\n#!/bin/sh\necho {ROOT} >> {SSHD}", [f"3 {ROOT}"]),
        (
            (
                "#cloud-config-archive\n- type: text/cloud-config\n  content: |\n"
                "    #cloud-config\n    ssh_pwauth: true"
            ),
            ["5 ssh_pwauth: true"],
        ),
        ("#cloud-config\nssh_pwauth: [", ["1? anything"]),
        ("#cloud-config\npackages: [", []),
    ],
)
def test_other_kinds_of_user_data(script: str, found: list[str]) -> None:
    assert said(script) == found


def test_a_file_may_be_packed_in_a_cloud_config() -> None:
    plain = base64.b64encode(f"# logins\n{ROOT}\n".encode()).decode()
    script = config(
        "write_files:", f"  - path: {SSHD}", "    content: !!binary |", f"      {plain}"
    )
    assert said(script) == [f"4 {ROOT}"]
    packed = base64.b64encode(gzip.compress(f"# logins\n{ROOT}\n".encode(), mtime=0)).decode()
    script = config(
        "write_files:", f"  - path: {SSHD}", "    encoding: gz+b64", f"    content: {packed}"
    )
    assert said(script) == [f"5 {ROOT}"]


@pytest.mark.parametrize(
    "script",
    [
        "((((" * 5000,
        "{ " * 5000 + "echo a >> /etc/sudoers",
        "a|" * 5000 + "chpasswd",
        "A=xxxxxxxx\n" + "A=$A$A\n" * 200 + 'echo "root:$A" | passwd',
        "$(" * 5000,
        "cat <<EOF\n" * 3000,
        f"sed -i 's/.*.*.*.*.*.*.*.*x/PermitRootLogin no/' {SSHD}\n" * 200,
        f"sed -i 's/\\(.*\\)*x/PermitRootLogin no/' {SSHD}\n" * 200,
        "echo '" * 3000,
        "if [ a = b ]; then\n" * 3000,
        "\\" * 9999,
        "for a in 1 2 3 4 5 6 7 8 9; do\n" * 50 + "date\n" + "done\n" * 50,
        "f() { f; f; f; f; f; f; }\nf\n" * 50,
        "f() {\n" + "bash -c 'for a in 1 2 3 4 5 6 7 8; do f; done'\n" * 50 + "}\nf",
    ],
)
def test_whatever_is_written_is_read_in_little_time(script: str) -> None:
    assert len(list(login_settings(bash(script)))) < 10_000


@pytest.mark.parametrize(
    "pattern",
    ["(a|a)*b", "((a|a)x?)+b", "(a?a?)*b", "(a|b){9}", "(a*)*b", "((a+)b)*", "a*b*c*d*"],
)
def test_a_pattern_that_could_take_for_ever_is_not_tried(pattern: str) -> None:
    [edit] = read_call(["-i", "-E", f"s/{pattern}/x/", "/etc/ssh/sshd_config"]).edits
    assert edit.pattern is None
    basic = re.sub(r"([(){}|+?])", r"\\\1", pattern)
    [edit] = read_call(["-i", f"s/{basic}/x/", "/etc/ssh/sshd_config"]).edits
    assert edit.pattern is None


@pytest.mark.parametrize("pattern", ["^#?(Permit|Password)[a-z]* +.*$", "(yes|no)?$", "(ab)+"])
def test_a_pattern_that_takes_little_is_tried(pattern: str) -> None:
    [edit] = read_call(["-i", "-E", f"s/{pattern}/x/", "/etc/ssh/sshd_config"]).edits
    assert edit.pattern is not None
