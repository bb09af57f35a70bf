"""Write ``facts/image_families.json``: until when operating systems of images get security updates.

The releases and days are those of endoflife.date (MIT), which cites the pages of AWS and the
vendors; how images are called is written here. The days of Ubuntu and Debian are those of the
distributions themselves, in Debian's package distro-info-data (ISC): endoflife.date gives an extra
of Ubuntu Pro for some releases. It reads a clone of the project's repository on GitHub,
endoflife-date/endoflife.date, and the package unpacked::

    apt-get download distro-info-data && dpkg-deb -x distro-info-data_*.deb PACKAGE
    python scripts/refresh_image_families.py FOLDER PACKAGE

What counts is the last day on which everybody gets updates without paying more: Ubuntu's standard
support, but Debian's long-term support, and Ubuntu Pro's for images of Ubuntu Pro.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FILE = Path(__file__).parents[1] / "src" / "iac_ec2lint" / "facts" / "image_families.json"

Release = dict[str, Any]
Row = tuple[str, str, str]
"""The name of a release, its last day, and a pattern for its images."""


class Product(NamedTuple):
    """An operating system.

    Attributes:
        name: Its name in the project.
        words: Words of which one is in the name of each of its images.
        title: Its name in messages, before the version.
        pattern: A regular expression for the names of a release's images.
        ends: The field that has the last day.
        own: The fields of the distribution's own table that have it, the first that is filled in.
    """

    name: str
    words: tuple[str, ...]
    title: str
    pattern: Callable[[str, str], str]
    ends: str = "eol"
    own: tuple[str, ...] = ()


def amazon_linux(version: str, _codename: str) -> str:
    """Names of images of Amazon Linux, of ECS and EKS on it, paths and ARNs."""
    if version == "2023":
        return "al2023-ami|^al2023_|amazon-linux-2023|amazon-eks-node-al2023"
    return "amzn2-ami|optimized-ami/amazon-linux-2/|image/amazon-linux-2-"


def ubuntu(version: str, codename: str) -> str:
    """``ubuntu-focal-20.04-amd64``, ``ubuntu/server/20.04/stable``, ``ubuntu-server-20-lts``."""
    return rf"^(?!.*pro-server).*ubuntu.*(?:{_numbered(version, codename)})"


def ubuntu_pro(version: str, codename: str) -> str:
    """``ubuntu-pro-server/images/hvm-ssd/ubuntu-focal-20.04``, ``ubuntu/pro-server/20.04``."""
    return rf"pro-server.*(?:{_numbered(version, codename)})"


def _numbered(version: str, codename: str) -> str:
    """A release of Ubuntu: its number, its code name, or its year where it has long support."""
    year, month = version.split(".")
    word = codename.split(maxsplit=1)[0].lower()
    supported = rf"|server-{year}-lts" if month == "04" and int(year) % 2 == 0 else ""
    return rf"(?<![\d.]){re.escape(version)}(?!\d)|[-/]{word}(?![a-z]){supported}"


def debian(version: str, codename: str) -> str:
    """``debian-10-amd64``, ``debian-stretch-hvm``, ``debian/release/10``."""
    return rf"debian[-/](?:release/)?(?:{codename.lower()}|{version}(?!\d))"


def centos(version: str, _codename: str) -> str:
    """``CentOS Linux 7 x86_64 HVM EBS``, ``CentOS-7-2111``, ``centos-7-x86``."""
    return rf"centos[ _-]+(?:linux[ _-]+)?{version}(?!\d)"


def centos_stream(version: str, _codename: str) -> str:
    """``CentOS Stream 8 x86_64``."""
    return rf"centos[ _-]+stream[ _-]+{version}(?!\d)"


def rhel(version: str, _codename: str) -> str:
    """``RHEL-7.9_HVM``, ``red-hat-enterprise-linux-7-x86``."""
    return rf"(?:rhel|red-hat-enterprise-linux)[ _-]{version}(?!\d)"


def windows(version: str, _codename: str) -> str:
    """``Windows_Server-2012-R2_RTM-English-64Bit-Base``, ``windows-server-2016-english``."""
    year, _, rest = version.partition("-")
    second = "[ _-]r2" if rest.startswith("r2") else "(?![ _-]r2)"
    return rf"windows[ _-]server[ _-]{year}(?!\d){second}"


PRODUCTS = (
    Product("amazon-linux", ("amzn", "amazon-linux", "al2023"), "Amazon Linux", amazon_linux),
    Product("ubuntu", ("ubuntu",), "Ubuntu", ubuntu, own=("eol",)),
    Product("ubuntu", ("ubuntu",), "Ubuntu Pro", ubuntu_pro, "eoes", ("eol-esm",)),
    Product("debian", ("debian",), "Debian", debian, "eoes", ("eol-lts", "eol")),
    Product("centos", ("centos",), "CentOS", centos),
    Product("centos-stream", ("centos",), "CentOS Stream", centos_stream),
    Product("rhel", ("rhel", "red-hat"), "Red Hat Enterprise Linux", rhel),
    Product("windows-server", ("windows",), "Windows Server", windows),
)

OLDEST = "2015"
"""Years before which what has ended is no longer offered by anybody."""

BY_HAND = {
    # Amazon Linux 1 in whatever version, with the last day of all.
    ("amzn", "amazon-linux"): (
        ("Amazon Linux 1", "2023-12-31", "amzn-ami|optimized-ami/amazon-linux/"),
    ),
    # EKS User Guide, "EKS AL2 & AL2-Accelerated AMIs transition guide".
    ("amazon-eks", "amazon-linux-2", "al2_"): (
        (
            "Amazon Linux 2 for EKS",
            "2025-11-26",
            (
                r"^al2_|amazon-eks-(?:gpu-|arm64-)?node-(?:\d|\*|v)"
                r"|eks/optimized-ami/[^/]+/amazon-linux-2[-/]"
            ),
        ),
    ),
}


def main() -> None:
    """Reads the clone and writes the file."""
    folder, package = sys.argv[1:]
    about = {
        "what": "the last day of security updates of operating systems, by names of images",
        "source": (
            "endoflife.date (endoflife-date/endoflife.date on GitHub), which cites the vendors; "
            "for Ubuntu and Debian distro-info-data of Debian; for EKS the EKS User Guide"
        ),
        "licence": "MIT; ISC (distro-info-data)",
        "on": _git(folder, "log", "-1", "--format=%cs").strip(),
        "made by": "scripts/refresh_image_families.py",
    }
    groups = [(product.words, [*_rows(folder, Path(package), product)]) for product in PRODUCTS]
    groups += [(words, [*rows]) for words, rows in BY_HAND.items()]
    text = ",\n".join(
        f'    {{"words": {json.dumps(words)}, "releases": [\n'
        + ",\n".join(f"      {json.dumps(row)}" for row in rows)
        + "\n    ]}"
        for words, rows in groups
    )
    FILE.write_text(
        f'{{\n  "about": {json.dumps(about)},\n  "families": [\n{text}\n  ]\n}}\n', "utf-8"
    )


def _rows(folder: str, package: Path, product: Product) -> Iterator[Row]:
    own = _own_days(package, product) if product.own else {}
    for release in _releases(folder, product.name):
        version = str(release["releaseCycle"])
        ends = own.get(version) or release.get(product.ends)
        if ends is None or str(ends) < OLDEST or version.endswith("ac"):
            continue  # Windows' semi-annual channel has no images
        if product.name == "amazon-linux" and version not in {"2", "2023"}:
            continue  # all others are Amazon Linux 1
        pattern = product.pattern(version, str(release.get("codename") or version))
        title = re.sub(r"-(r2)?.*", lambda found: " R2" if found[1] else "", version)
        yield f"{product.title} {title}", str(ends), pattern


def _own_days(package: Path, product: Product) -> dict[str, str]:
    """The last day of each version, as the distribution itself has it."""
    path = package / "usr" / "share" / "distro-info" / f"{product.name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["version"].removesuffix(" LTS"): day
            for row in csv.DictReader(file)
            for day in [next((row[name] for name in product.own if row.get(name)), "")]
            if day
        }


def _releases(folder: str, product: str) -> list[Release]:
    page = _git(folder, "show", f"HEAD:products/{product}.md")
    front = next(yaml.safe_load_all(page.split("\n---", 1)[0]))
    releases: list[Release] = front["releases"]
    return releases


def _git(folder: str, *words: str) -> str:
    command = ["git", "-C", folder, *words]
    made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - git
    return made.stdout


if __name__ == "__main__":
    main()
