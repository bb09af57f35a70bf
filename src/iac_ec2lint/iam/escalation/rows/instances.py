"""Taking control of instances that are there, and data out of their disks."""

from __future__ import annotations

from typing import Final

from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, sets_of
from iac_ec2lint.iam.escalation.rows.services import MANAGED_BY

_SERIAL: Final = "ec2-instance-connect:SendSerialConsoleSSHPublicKey"

CONTROLS: Final = (
    EdgeKind(
        "ssm-command",
        sets_of("ssm:SendCommand", "ssm:CreateAssociation"),
        "run commands on",
        target=MANAGED_BY,
    ),
    EdgeKind(
        "ssm-command",
        sets_of("ssm:UpdateAssociation"),
        "run commands on",
        target=MANAGED_BY,
        guard="association",
    ),
    EdgeKind(
        "ssm-session",
        sets_of("ssm:StartSession", "ssm:ResumeSession"),
        "open a session on",
        target=MANAGED_BY,
    ),
    EdgeKind(
        "user-data",
        sets_of("ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances"),
        "change the user data of",
    ),
    EdgeKind(
        "root-volume",
        sets_of("ec2:CreateReplaceRootVolumeTask"),
        "replace the root volume of",
    ),
    EdgeKind(
        "root-volume",
        sets_of(
            "ec2:StopInstances ec2:DetachVolume ec2:CreateVolume ec2:AttachVolume"
            " ec2:StartInstances"
        ),
        "replace the root volume of",
    ),
    EdgeKind(
        "root-volume",
        sets_of("ec2:StopInstances ec2:DetachVolume ec2:AttachVolume ec2:StartInstances"),
        "rewrite the root volume of",
        needs="instance",
    ),
    EdgeKind(
        "serial",
        sets_of(f"{_SERIAL} ec2:EnableSerialConsoleAccess"),
        "log in to the serial console of",
    ),
    EdgeKind("serial", sets_of(_SERIAL), "log in to the serial console of", guard="console"),
    EdgeKind(
        "eic-key",
        sets_of("ec2-instance-connect:SendSSHPublicKey"),
        "log in by SSH to",
        guard="ssh",
    ),
    EdgeKind(
        "win-password",
        sets_of("ec2:GetPasswordData"),
        "read the administrator's password of",
        guard="password",
    ),
    EdgeKind(
        "imds-weaken",
        sets_of("ec2:ModifyInstanceMetadataOptions"),
        "let IMDSv1 be answered on",
        guard="metadata",
        risk=True,
    ),
)
"""The edges that take control of an instance that is there; the risk comes last."""

REPLACES: Final = EdgeKind(
    "template-version",
    sets_of(
        "ec2:CreateLaunchTemplateVersion",
        "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
    ),
    "change what is started by",
)
"""The edge that takes over the instances that a group starts next, with their role."""

REWRITES: Final = EdgeKind(
    "ssm-document",
    sets_of("ssm:UpdateDocument", "ssm:UpdateDocument ssm:UpdateDocumentDefaultVersion"),
    "change the document that is run on",
    target=MANAGED_BY,
)
"""The edge that changes a document that is run on instances: its newest, its default version."""

RETASKS: Final = EdgeKind(
    "window-task",
    sets_of("ssm:UpdateMaintenanceWindowTask"),
    "have a maintenance window run commands on",
    target=MANAGED_BY,
)
"""The edge that changes the task of a window: what it runs, and on what."""

DEPLOYS: Final = EdgeKind(
    "deployment", sets_of("codedeploy:CreateDeployment"), "deploy a revision of its own to"
)
"""The edge that has the agent of CodeDeploy run scripts of a revision."""

STEPS: Final = EdgeKind(
    "cluster-step", sets_of("elasticmapreduce:AddJobFlowSteps"), "run steps of its own on"
)
"""The edge that has a cluster of EMR run a command, with the role of its instances (Amazon EMR
Management Guide, "Run commands and scripts on an Amazon EMR cluster")."""

CHANGES: Final = (REWRITES, RETASKS, DEPLOYS, STEPS)
"""The edges that change what something else runs on instances."""

EXPOSES: Final = (
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifyInstanceAttribute",
    "ec2:AssociateAddress",
)
"""The row ``expose``: opens a group of an instance; gives it another group, which it opens; gives
it a public address."""

EXFILTRATION: Final = (
    EdgeKind(
        "snapshot-exfil",
        sets_of(
            "ec2:CreateSnapshot ec2:ModifySnapshotAttribute",
            "ec2:CreateSnapshots ec2:ModifySnapshotAttribute",
            "ebs:ListSnapshotBlocks ebs:GetSnapshotBlock",
        ),
        "copy disks out of the account",
    ),
    EdgeKind(
        "image-exfil",
        sets_of("ec2:CreateImage ec2:ModifyImageAttribute"),
        "copy images out of the account",
    ),
    EdgeKind(
        "snapshot-exfil",
        sets_of(
            "ec2:CreateSnapshot ec2:CreateVolume ec2:AttachVolume",
            "ec2:CreateSnapshots ec2:CreateVolume ec2:AttachVolume",
        ),
        "read copies of disks on an instance of its own",
        needs="instance",
    ),
    EdgeKind(
        "disk-read",
        sets_of("ec2:DetachVolume ec2:AttachVolume"),
        "read disks on an instance of its own",
        needs="instance",
    ),
)
"""The edges that take data out of disks."""

ABOUT: Final = {
    "ec2:EnableSerialConsoleAccess": ("*",),
    "ec2:AttachVolume": ("instance", "volume"),
    "ec2:DetachVolume": ("instance", "volume"),
    "ec2:CreateVolume": ("volume",),
    "ec2:AuthorizeSecurityGroupIngress": ("security-group",),
    "ssm:SendCommand": ("instance", "shell"),
    "ssm:CreateAssociation": ("instance", "shell"),
    "ssm:UpdateAssociation": ("association", "instance", "shell"),
    "ssm:ResumeSession": ("session",),
}
"""What must be allowed for an action on an instance: on which kinds of resources, where not on the
instance alone; ``shell``: a document that runs commands."""

SHELL_DOCUMENTS: Final = (
    "AWS-RunShellScript",
    "AWS-RunPowerShellScript",
    "AWS-RunRemoteScript",
    "AWS-RunDocument",
    "AWS-InstallPowerShellModule",
    "AWS-InstallApplication",
    "AWS-ApplyAnsiblePlaybooks",
    "AWS-ApplyChefRecipes",
    "AWS-ApplyDSCMofs",
    "AWS-RunSaltState",
)
"""AWS's documents that run on instances what whoever uses them says: commands, or scripts,
installers and recipes from a place that they name (Systems Manager User Guide, "Running scripts
from remote locations", "Creating associations that run Ansible playbooks", ... "Chef recipes",
"... MOF files")."""

FIXED_DOCUMENTS: Final = frozenset({"AWS-UpdateSSMAgent"})
"""AWS's documents that run no more than what is written in them (Systems Manager User Guide,
"Updating the SSM Agent using Run Command"). Others are added when each has been read: one that
takes packages, sources of patches or a configuration runs what its caller says."""

SESSION_DOCUMENTS: Final = ("AWS-StartInteractiveCommand", "AWS-StartNonInteractiveCommand")
"""AWS's documents of sessions that run the command that whoever opens one writes."""

TUNNEL_DOCUMENTS: Final = frozenset({"AWS-StartPortForwardingSession", "AWS-StartSSHSession"})
"""AWS's documents of sessions that lead to a port of the host, and no further: who signs in there
needs a key or a password besides (Systems Manager User Guide, "Starting a session"). To other hosts
``AWS-StartPortForwardingSessionToRemoteHost`` leads; what it gets at is not known."""
