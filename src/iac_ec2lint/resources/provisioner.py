"""Provisioners: what Terraform runs once something is created (or before it is destroyed)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import anything, boolean, part, text, texts
from iac_ec2lint.resources.layer import Layer
from iac_ec2lint.resources.part import Part, Resource

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Section


class Connection(Part):
    """How Terraform logs in to what a provisioner runs on ("Provisioner Connection Settings")."""

    agent = boolean("agent", None)
    bastion_host = text("bastion_host", None)
    bastion_password = text("bastion_password", None)
    bastion_private_key = text("bastion_private_key", None)
    bastion_user = text("bastion_user", None)
    certificate = text("certificate", None)
    host = text("host", None)
    host_key = text("host_key", None)
    https = boolean("https", None, implied=False)
    insecure = boolean("insecure", None, implied=False)
    password = text("password", None)
    private_key = text("private_key", None)
    type = text("type", None, implied="ssh")
    user = text("user", None)


class Provisioner(Part):
    """A provisioner of a resource ("Provisioners" of the Terraform language).

    Fields of all sorts of them are here: ``command`` is ``local-exec``'s, ``inline``, ``script``
    and ``scripts`` are ``remote-exec``'s, ``content``, ``source`` and ``destination`` ``file``'s.
    """

    command = text("command", None)
    connection = part(Connection, "connection", None)
    content = text("content", None)
    destination = text("destination", None)
    environment = anything("environment", None)
    inline = texts("inline", None)
    interpreter = texts("interpreter", None)
    script = text("script", None)
    scripts = texts("scripts", None)
    source = text("source", None)
    when = text("when", None)

    @property
    def label(self) -> str:
        """Its sort: ``local-exec``, ``remote-exec``, ``file``; empty where that is unknown."""
        labels = self.layers[0].section.labels if self.layers else ()
        return labels[0] if labels else ""


class NullResource(Auxiliary):
    """A resource that makes nothing: it is there for its provisioners."""

    terraform = ("null_resource", "terraform_data")

    triggers = anything({"null_resource": "triggers", "terraform_data": "triggers_replace"}, None)
    input = anything({"null_resource": None, "terraform_data": "input"}, None)


def provisioners(resource: Resource) -> tuple[Provisioner, ...]:
    """The provisioners of a resource, in order; of a plan's only where it has its sources."""
    if resource.declared.language != "terraform":
        return ()  # properties of which nothing is known have no such blocks either
    return tuple(
        Provisioner((Layer(section, resource.type),), section.span)
        for section in _blocks(resource, "provisioner")
    )


def connections(resource: Resource) -> tuple[Connection, ...]:
    """What the provisioners of a resource log in with, where they do not say it themselves."""
    if resource.declared.language != "terraform":
        return ()
    return tuple(
        Connection((Layer(section, resource.type),), section.span)
        for section in _blocks(resource, "connection")
    )


def _blocks(resource: Resource, name: str) -> tuple[Section, ...]:
    """Blocks that Terraform alone has: what is not known of a template's resource is none."""
    declared = resource.declared
    return declared.body.sections(name) if declared.language == "terraform" else ()
