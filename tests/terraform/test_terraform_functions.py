"""Functions, by the examples of their documentation and by hand."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace

CASES: list[tuple[str, object]] = [
    ("abs(-12.4)", 12.4),
    ("ceil(5.1)", 6),
    ("floor(-4.9)", -5),
    ("log(16, 2)", 4),
    ("max([5, 12, 9]...)", 12),
    ("min(12, 54, 3)", 3),
    ('parseint("FF", 16)', 255),
    ("pow(3, 2)", 9),
    ("signum(-13)", -1),
    ("-7 % 3", -1),
    (r'chomp("hello\r\n\n")', "hello"),
    ('endswith("hello world", "world")', True),
    (
        'format("%05d|%-4s|%+d|%x|%.2f|%q|%v|%t", 42, "ab", 1, 255, 1.005, "a\\"b", [1], true)',
        '00042|ab  |+1|ff|1.00|"a\\"b"|[1]|true',
    ),
    ('formatlist("Hello, %s!", ["A", "B"])', ["Hello, A!", "Hello, B!"]),
    (r'indent(2, "a\nb")', "a\n  b"),
    (r'indent(9223372036854775808, "a")', "a"),
    ('join(", ", ["a", "b"], ["c"])', "a, b, c"),
    ('lower("ÀB")', "àb"),
    ('regex("(\\\\d+)-(\\\\d+)", "a 12-34")', ["12", "34"]),
    ('regex("(?P<year>\\\\d{4})", "in 2024")', {"year": "2024"}),
    ('replace("1 + 2 + 3", "+", "-")', "1 - 2 - 3"),
    ('replace("hello world", "/w(.*)d/", "<$1>")', "hello <orl>"),
    ('split(",", "a,b")', ["a", "b"]),
    ('split(",", "")', [""]),
    ('strrev("☃a")', "a☃"),
    ('substr("hello world", 1, 4)', "ello"),
    ('substr("🤔🤷", 0, 1)', "🤔"),
    ('substr("hello", -2, -1)', "lo"),
    ('title("hello world")', "Hello World"),
    ('trim("?!hello?!", "!?")', "hello"),
    ('trimprefix("helloworld", "hello")', "world"),
    (r'trimspace("  hello\n\n")', "hello"),
    ('trimsuffix("helloworld", "world")', "hello"),
    ('upper("straße")', "STRAßE"),
    ('alltrue([true, "true"])', True),
    ("anytrue([])", False),
    ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
    ('coalesce(null, "", "b")', "b"),
    ("coalescelist([], [1])", [1]),
    ('compact(["a", "", null, "b"])', ["a", "b"]),
    ("concat([1], [2, 3])", [1, 2, 3]),
    ('contains(["a", "b"], "a")', True),
    ('distinct(["a", "b", "a"])', ["a", "b"]),
    ('element(["a", "b", "c"], 4)', "b"),
    ("flatten([[1, [2]], [], [3]])", [1, 2, 3]),
    ('index(["a", "b"], "b")', 1),
    ("keys({ b = 1, a = 2 })", ["a", "b"]),
    ('length("👾🕹️")', 2),
    ('length("🇩🇪🇫🇷🇮")', 3),
    ('strrev("🇩🇪🇫🇷")', "🇫🇷🇩🇪"),
    ('length("a🇩🇪b🇫🇷")', 4),
    ('length("a👩‍🚀")', 2),
    ('length("e\u0301xo\u0308\\r\\ny")', 5),
    ("[signum(-0.5), signum(-1), signum(0), signum(0.5)]", [-1, -1, 0, 1]),
    ('format("%g %g %g", 0.0001, 0.00001, -1234567)', "0.0001 1e-05 -1.234567e+06"),
    ('format("%g %g %G", 123456, 100000000000000000000000, 0)', "123456 1e+23 0"),
    ("[for x in toset([2, null, 10]) : x]", [2, 10, None]),
    ("[for x in toset([null, true, false]) : x]", [False, True, None]),
    ('lookup({ a = 1 }, "b", 2)', 2),
    ('matchkeys(["i-1", "i-2"], ["west", "east"], ["east"])', ["i-2"]),
    ("merge({ a = 1, b = 2 }, { b = 3 }, null)", {"a": 1, "b": 3}),
    ("one([])", None),
    ("range(3)", [0, 1, 2]),
    ("range(1, 8, 2)", [1, 3, 5, 7]),
    ("range(0, -2)", [0, -1]),
    ("reverse([1, 2])", [2, 1]),
    ('setintersection(["a", "b"], ["b", "c"])', ["b"]),
    ('setproduct(["a"], ["x", "y"])', [["a", "x"], ["a", "y"]]),
    ('setsubtract(["a", "b"], ["b"])', ["a"]),
    ('setunion(["b"], ["a"])', ["a", "b"]),
    ('slice(["a", "b", "c"], 1, 3)', ["b", "c"]),
    ('sort(["b", "a", "C"])', ["C", "a", "b"]),
    ("sum([1, 2.5])", 3.5),
    ('transpose({ a = ["1", "2"], b = ["2"] })', {"1": ["a"], "2": ["a", "b"]}),
    ("values({ b = 1, a = 2 })", [2, 1]),
    ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
    ('base64decode(base64encode("é"))', "é"),
    (r'csvdecode("a,b\n1,\"x, \"\"y\"\"\"\n")', [{"a": "1", "b": 'x, "y"'}]),
    ('jsonencode({ b = [1.5, null], a = "<&>" })', '{"a":"\\u003c\\u0026\\u003e","b":[1.5,null]}'),
    ('jsondecode("{\\"a\\": [1, 2.0, true]}")', {"a": [1, 2, True]}),
    ('urlencode("a b/ü~")', "a+b%2F%C3%BC~"),
    ('urldecode("a+b%2F")', "a b/"),
    (
        'yamldecode("a: [1, yes, 2024-01-02]\\nb: ~")',
        {"a": [1, True, "2024-01-02T00:00:00Z"], "b": None},
    ),
    (
        'yamlencode({ a = [1, "x"], b = { c = "m\\nn\\n" } })',
        '"a":\n- 1\n- "x"\n"b":\n  "c": |\n    m\n    n\n',
    ),
    ('textdecodebase64(textencodebase64("hi", "UTF-16LE"), "UTF-16LE")', "hi"),
    ('basename("a/b.txt")', "b.txt"),
    ('dirname("a/b.txt")', "a"),
    ('formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")', "02 Jan 2018 23:12 UTC"),
    ('formatdate("EEEE, \'at\' H:mmaa", "2018-01-02T23:12:01Z")', "Tuesday, at 11:12pm"),
    ('timeadd("2017-11-22T00:00:00Z", "1h30m")', "2017-11-22T01:30:00Z"),
    ('timeadd("2017-11-22T00:00:00Z", "1.25h")', "2017-11-22T01:15:00Z"),
    ('timeadd("2017-11-22T00:00:00Z", "-1m30.5s")', "2017-11-21T23:58:29Z"),
    ('timeadd("2017-11-22T00:00:00Z", "+.05h1500ms")', "2017-11-22T00:03:01Z"),
    ('timeadd("2017-11-22T00:00:00-00:00", "0")', "2017-11-22T00:00:00Z"),
    ('timeadd("2017-11-22T00:00:00+02:00", "24h")', "2017-11-23T00:00:00+02:00"),
    (
        'can(formatdate("YYYY \'at", "2018-01-02T23:12:01Z"))',
        False,
    ),
    ("formatdate(\"'it''s' YYYY\", \"2018-01-02T23:12:01Z\")", "it's 2018"),
    ('timecmp("2017-11-22T01:00:00+01:00", "2017-11-22T00:00:00Z")', 0),
    ('md5("hello world")', "5eb63bbbe01eeed093cb22bb8f5acdc3"),
    ('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ('base64sha256("hello world")', "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
    ('uuidv5("dns", "www.terraform.io")', "a5008fae-b28c-5ba5-96cd-82b4c53552d6"),
    ('cidrhost("10.12.112.0/20", 268)', "10.12.113.12"),
    ('cidrhost("10.0.0.0/24", -1)', "10.0.0.255"),
    ('cidrnetmask("172.16.0.0/12")', "255.240.0.0"),
    ('cidrsubnet("172.16.0.0/12", 4, 2)', "172.18.0.0/16"),
    ('cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', "fd00:fd12:3456:7800:a200::/72"),
    # go-cidr, SubnetBig: a negative number of bits shortens the prefix; the address stays as it is.
    ('cidrsubnet("10.0.1.0/24", -8, 0)', "10.0.1.0/16"),
    ('cidrsubnet("10.0.0.0/24", -8, 5)', "10.5.0.0/16"),
    (
        'cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)',
        ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"],
    ),
    ('cidrsubnets("10.1.0.0/16", 8, 1)', ["10.1.0.0/24", "10.1.128.0/17"]),
    ('can(cidrsubnets("10.1.0.0/16", 8, 1, 1))', False),
    ('can(cidrsubnets("10.1.0.0/16", 0))', False),
    ('cidrsubnets("10.1.0.0/31", 1, 1)', ["10.1.0.0/32", "10.1.0.1/32"]),
    ('can("a".b)', False),
    ('sensitive("a")', "a"),
    ('tobool("true")', True),
    ('list("a", 1)', ["a", "1"]),
    ("list()", []),
    ('map("a", 1, "b", "2")', {"a": "1", "b": "2"}),
    ('tolist(["a", 1])', ["a", "1"]),
    ('tomap({ a = 1, b = "2" })', {"a": "1", "b": "2"}),
    ('tonumber("1.5")', 1.5),
    ('toset(["c", "b", "b"])', ["b", "c"]),
    ("tostring(true)", "true"),
    (
        'provider::aws::arn_build("aws", "iam", "", "444455556666", "role/path/web")',
        "arn:aws:iam::444455556666:role/path/web",
    ),
    (
        'provider::aws::arn_parse("arn:aws:s3:::bucket/a:b")',
        {
            "partition": "aws",
            "service": "s3",
            "region": "",
            "account_id": "",
            "resource": "bucket/a:b",
        },
    ),
    ('can(provider::aws::arn_parse("bucket"))', False),
    (
        'provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:role/with/path/web")',
        "arn:aws:iam::444455556666:role/web",
    ),
    ('can(provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:user/web"))', False),
    (
        'provider::terraform::decode_tfvars("a = [1, true]\\nb = \\"x\\"")',
        {"a": [1, True], "b": "x"},
    ),
    ('can(provider::terraform::decode_tfvars("a = var.b"))', False),
    ('can(provider::terraform::decode_tfvars("a {}"))', False),
    ('templatestring("${"$"}{a}", { a = 1 })', None),
]


@pytest.mark.parametrize(("expression", "expected"), CASES[:-1], ids=[c[0] for c in CASES[:-1]])
def test_a_function_returns_what_terraform_returns(
    workspace: Workspace, expression: str, expected: object
) -> None:
    assert workspace.expression(expression) == expected


def test_files_are_read_from_the_root_modules_folder(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": """locals {
              text     = file("a.txt")
              here     = fileexists("${path.module}/a.txt")
              gone     = fileexists("b.txt")
              names    = fileset(path.module, "**/*.txt")
              rendered = templatefile("t.tftpl", { names = ["x", "y"], port = 22 })
              digest   = filemd5("a.txt")
              module   = module.m.text
            }
            module "m" { source = "./m" }""",
            "a.txt": "hello",
            "d/c.txt": "",
            "t.tftpl": "%{ for n in names ~}\n${n}:${port}\n%{ endfor ~}\n",
            "m/main.tf": 'output "text" { value = "${path.module} ${file("${path.module}/x")}" }',
            "m/x": "inside",
        }
    )
    assert workspace.plain("text") == "hello"
    assert workspace.plain("here") is True
    assert workspace.plain("gone") is False
    assert workspace.plain("names") == ["a.txt", "d/c.txt"]
    assert workspace.plain("rendered") == "x:22\ny:22\n"
    assert workspace.plain("digest") == "5d41402abc4b2a76b9719d911017c592"
    assert workspace.plain("module") == "m inside"
    assert workspace.messages() == []


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "link"])
def test_files_outside_the_boundary_are_not_read(workspace: Workspace, name: str) -> None:
    (workspace.folder.parent / "secret.txt").write_text("the secret")
    (workspace.folder / "link").symlink_to(workspace.folder.parent / "secret.txt")
    workspace.evaluate(f'locals {{ x = file("{name}") }}')
    workspace.local("x")
    (message,) = workspace.messages()
    assert "outside the boundary" in message
    assert "the secret" not in message


def test_what_differs_each_time_is_unknown_and_no_error(workspace: Workspace) -> None:
    for call in ("timestamp()", "uuid()", 'bcrypt("x")', 'file("~/x")', "provider::x::f(1)"):
        workspace.evaluate(f"locals {{ x = {call} }}")
        assert not hasattr(workspace.local("x"), "data"), call
        assert workspace.messages() == []
