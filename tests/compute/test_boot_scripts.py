"""Boot scripts: whose they are, and what is known of them."""

from __future__ import annotations

import base64
import gzip

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, read_script
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.resources.part import Place
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Val, Value

SCRIPT = "#!/bin/bash\necho hello\n"
SOURCE = SourceText("main.tf", "")
SPAN = Span(SOURCE, 0, 0)


def packed(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (SCRIPT, SCRIPT),
        ("", ""),
        (packed(SCRIPT.encode()), SCRIPT),
        (packed(gzip.compress(SCRIPT.encode(), mtime=0)), SCRIPT),
        ("\n".join([packed(SCRIPT.encode())[:20], packed(SCRIPT.encode())[20:]]), SCRIPT),
        # What looks like base64 and unpacks to nothing is left as it is.
        (packed(b"\x1f\x8bnot gzip at all"), packed(b"\x1f\x8bnot gzip at all")),
        ("abcd", "abcd"),
        ("#!/bin/sh\necho \u00fcbung ab", "#!/bin/sh\necho \u00fcbung ab"),
        ("#cloud-config", "#cloud-config"),
    ],
)
def test_scripts_are_unpacked(written: str, text: str) -> None:
    assert read_script(Value(written, SPAN)) == (text, ())


def test_an_archive_that_grows_without_end_is_cut_short() -> None:
    text, causes = read_script(Value(packed(gzip.compress(b"x" * 50_000_000)), SPAN))
    assert text is not None
    assert len(text) <= 1_000_000
    assert causes == ()


def test_unknown_pieces_are_marked() -> None:
    gap = unknown("var.name has no value")
    value = unknown("partly", parts=("echo ", gap, "\n"))
    assert isinstance(value, Val)
    assert read_script(value) == (f"echo {UNKNOWN_PIECE}\n", (gap,))


def test_of_an_unknown_script_nothing_is_known() -> None:
    value = unknown()
    assert read_script(value) == (None, (value,))


def test_what_an_encoded_value_encodes_is_read() -> None:
    inner = Value(SCRIPT, SPAN)
    assert read_script(Value("IyEvYmlu", SPAN, decoded=inner)) == (SCRIPT, ())


def test_the_text_of_an_encoded_structure_is_read() -> None:
    structure = Value({"run": Value("echo", SPAN)}, SPAN)
    assert read_script(Value('{"run":"echo"}', SPAN, decoded=structure)) == ('{"run":"echo"}', ())


def scripts(*resources: object) -> list[tuple[str, str | None]]:
    graph = graph_of(*resources)  # type: ignore[arg-type]  # made by hand
    return [(script.resource.address, script.text) for script in boot_scripts(graph)]


def test_a_template_of_many_is_one_script_of_the_template() -> None:
    launch: Plain = [{"id": ref("aws_launch_template.t")}]
    assert scripts(
        tf("aws_launch_template.t", {"user_data": packed(SCRIPT.encode())}),
        tf("aws_instance.a", {"launch_template": launch}),
        tf("aws_instance.b", {"launch_template": launch}),
    ) == [("aws_launch_template.t", SCRIPT)]


def test_an_instance_has_its_own_script_in_place_of_its_templates() -> None:
    found = scripts(
        tf("aws_launch_template.t", {"user_data": packed(b"echo template\n")}),
        tf(
            "aws_instance.a",
            {"launch_template": [{"id": ref("aws_launch_template.t")}], "user_data": SCRIPT},
        ),
    )
    assert ("aws_instance.a", SCRIPT) in found


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_instance", {"user_data": SCRIPT}),
        ("aws_instance", {"user_data_base64": packed(SCRIPT.encode())}),
        ("aws_launch_configuration", {"user_data": SCRIPT}),
        ("aws_imagebuilder_component", {"data": SCRIPT}),
        ("aws_imagebuilder_image_recipe", {"user_data_base64": packed(SCRIPT.encode())}),
        ("AWS::EC2::Instance", {"UserData": packed(SCRIPT.encode())}),
        ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"UserData": SCRIPT}}),
        ("AWS::AutoScaling::LaunchConfiguration", {"UserData": SCRIPT}),
        ("AWS::ImageBuilder::Component", {"Data": SCRIPT}),
    ],
)
def test_scripts_are_found_in(kind: str, body: dict[str, Plain]) -> None:
    address = "X" if "::" in kind else f"{kind}.x"
    assert scripts(declare(kind, address, body)) == [(address, SCRIPT)]


def test_a_host_without_a_script_has_none() -> None:
    assert scripts(tf("aws_instance.a", {})) == []


WRITTEN = "user_data = <<EOT\n  # curl x\n  curl x\n  id=$(curl y)\nEOT\n"


@pytest.mark.parametrize(
    ("texts", "at"),
    [
        (("curl x",), WRITTEN.index("curl x", 25)),
        (("not there", "curl y"), WRITTEN.index("curl y")),
        (("not there",), 0),
        (("",), 0),
    ],
)
def test_a_line_is_found_where_it_is_written(texts: tuple[str, ...], at: int) -> None:
    source = SourceText("main.tf", WRITTEN)
    resource = tf("aws_instance.a", {})
    place = Place(Span(source, 0, len(WRITTEN)), "user_data", None, resource.presence)
    assert BootScript(resource, place, "", ()).span_of(*texts).start == at
