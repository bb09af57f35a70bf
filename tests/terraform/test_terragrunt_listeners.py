"""A target group of one unit, a listener for it in another, and a host that a third one registers.

The unit of the host reads of the target group, and knows nothing of the listener.
"""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project
from tests.terraform.test_terragrunt_unit_per_kind import GROUP, HOST, NETWORK, OPEN, unit

BALANCER = """
variable "vpc" {}
variable "subnet" {}
resource "aws_lb" "front" {
  load_balancer_type = "network"
  subnets            = [var.subnet]
}
resource "aws_lb_target_group" "front" {
  port     = 22
  protocol = "TCP"
  vpc_id   = var.vpc
}
output "balancer" { value = aws_lb.front.arn }
output "targets" { value = aws_lb_target_group.front.arn }
"""
LISTENER = """
variable "balancer" {}
variable "targets" {}
resource "aws_lb_listener" "front" {
  load_balancer_arn = var.balancer
  port              = 22
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = var.targets
  }
}
"""
UNRELATED = """
variable "balancer" {}
variable "targets" {}
resource "aws_ssm_parameter" "told" {
  name  = "/told"
  type  = "String"
  value = var.targets
}
"""
REGISTERED = (
    HOST
    + """
variable "targets" {}
resource "aws_lb_target_group_attachment" "host" {
  target_group_arn = var.targets
  target_id        = aws_instance.host.id
}
"""
)


@pytest.mark.parametrize(("third", "safe"), [(LISTENER, False), (UNRELATED, True)])
def test_a_third_unit_may_have_the_listener(third: str, *, safe: bool) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html."""
    network = NETWORK.replace("map_public_ip_on_launch = true", "map_public_ip_on_launch = false")
    vpc, subnet = "dependency.network.outputs.vpc", "dependency.network.outputs.subnet"
    targets = "  targets = dependency.balancer.outputs.targets"
    host = f"  subnet = {subnet}\n  groups = [dependency.group.outputs.group]\n{targets}"
    listener = f"  balancer = dependency.balancer.outputs.balancer\n{targets}"
    report = scan_project(
        {
            "modules/network/main.tf": network,
            "modules/group/main.tf": GROUP.replace("RULES", OPEN),
            "modules/balancer/main.tf": BALANCER,
            "modules/host/main.tf": REGISTERED,
            "modules/third/main.tf": third,
            "live/network/terragrunt.hcl": unit("network", ""),
            "live/group/terragrunt.hcl": unit("group", f"  vpc = {vpc}", "network"),
            "live/balancer/terragrunt.hcl": unit(
                "balancer", f"  vpc = {vpc}\n  subnet = {subnet}", "network"
            ),
            "live/host/terragrunt.hcl": unit("host", host, "network", "group", "balancer"),
            "live/third/terragrunt.hcl": unit("third", listener, "balancer"),
        },
        select=("PATH001",),
    )
    assert not report.errors
    said = [reason for finding in report.findings for reason in finding.missing]
    assert said
    assert any(reason.startswith("safe if") for reason in said) is safe
