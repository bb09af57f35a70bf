"""Boot scripts that Terraform writes for the servers of another cloud, which are no instance's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax

_SCRIPT: Final = "cloudinit_config"
"""The data source that writes boot scripts for whatever takes them."""
_OTHERS: Final = regular_expression(
    "(?:ah|alicloud|azurerm|brightbox|civo|cloudscale|cloudsigma|cloudstack|contabo|digitalocean"
    "|equinix|exoscale|google|hcloud|hostinger|huaweicloud|ibm|ionoscloud|kamatera|libvirt|linode"
    "|metal|nutanix|oci|openstack|opentelekomcloud|ovh|packet|proxmox|scaleway|serverspace"
    "|tencentcloud|upcloud|vsphere|vultr|yandex)_.*"
)
"""The types of clouds and hypervisors that have servers.

Providers that may launch instances of EC2 for somebody, such as Rancher's and Spot's, are none.
"""


def is_for_another_cloud(syntax: ModuleSyntax, kind: str, name: str) -> bool:
    """Whether servers of other clouds alone take a boot script.

    One that an output, a local value, a call or any other resource reads may get to an instance,
    and so may one that nothing in the module reads.

    Args:
        syntax: The module.
        kind: The type of the data source.
        name: Its name.
    """
    if kind != _SCRIPT:
        return False
    named = re.compile(rf"\bdata\.{_SCRIPT}\.{re.escape(name)}(?![\w-])")
    readers = [
        block
        for file in syntax.files
        for block in file.body.blocks
        if named.search(block.span.text)
    ]
    return bool(readers) and all(
        block.type == "resource"
        and bool(block.labels)
        and _OTHERS.fullmatch(block.labels[0]) is not None
        for block in readers
    )
