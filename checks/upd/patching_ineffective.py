from collections.abc import Iterable, Iterator

from iac_ec2lint.api import (
    Answer,
    Check,
    Evidence,
    Graph,
    Resource,
    Severity,
    Unknown,
    Verdict,
    any_of,
    parameter,
    require,
    set_to,
)
from iac_ec2lint.api.resources import (
    DefaultPatchBaseline,
    MaintenanceWindow,
    MaintenanceWindowTarget,
    MaintenanceWindowTask,
    PatchBaseline,
    PatchGroup,
    SsmAssociation,
)
from iac_ec2lint.api.upkeep import (
    BaselineCoverage,
    PatchTask,
    patch_baselines,
    patch_tasks,
    patched_hosts,
    selects,
)


class PatchingIneffective(Check):
    """A patch baseline or a patch task leaves security updates out, or never installs them.

    ## Why it matters
    A baseline that approves too little, a task that only scans, a window that is switched off: in
    each case patching is set up, the reports are green or nobody reads them, and the hosts stay as
    they are.

    A baseline must approve security patches that are critical and important (of Debian and Ubuntu
    those of every priority), as AWS's own baselines do, at the latest `max_days` after their
    release; a date up to which patches are approved leaves out what is released after it. A
    baseline must be the default of its operating system, or have a patch group. A task that scans
    fails if no task here installs. A tag that a task runs on counts against it where instances here
    have that tag with other values only.

    ## Fails
    ```hcl
    resource "aws_ssm_patch_baseline" "linux" {
      name             = "linux"
      operating_system = "AMAZON_LINUX_2023"
      approval_rule {
        approve_after_days = 90
        patch_filter {
          key    = "CLASSIFICATION"
          values = ["Security"]
        }
      }
    }
    resource "aws_ssm_patch_group" "linux" {
      baseline_id = aws_ssm_patch_baseline.linux.id
      patch_group = "linux"
    }
    ```
    ```yaml
    Resources:
      Linux:
        Type: AWS::SSM::PatchBaseline
        Properties:
          Name: linux
          OperatingSystem: AMAZON_LINUX_2023
          PatchGroups: [linux]
          ApprovalRules:
            PatchRules:
              - ApproveAfterDays: 90
                PatchFilterGroup:
                  PatchFilters: [{Key: CLASSIFICATION, Values: [Security]}]
    ```

    ## Passes
    ```diff hcl
     resource "aws_ssm_patch_baseline" "linux" {
    -    approve_after_days = 90
    +    approve_after_days = 7
    ```
    ```diff yaml
    -          - ApproveAfterDays: 90
    +          - ApproveAfterDays: 7
    ```

    ## How to mend it
    Approve all security patches within the limit, and run `Install` on a schedule.

    ## References
    - [Predefined and custom patch baselines](https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-predefined-and-custom-patch-baselines.html)
    - [How security patches are selected](https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-selecting-patches.html)
    - [About the AWS-RunPatchBaseline document](https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html)
    """

    code = "UPD003"
    name = "patching-ineffective"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (
        DefaultPatchBaseline,
        MaintenanceWindow,
        MaintenanceWindowTarget,
        MaintenanceWindowTask,
        PatchBaseline,
        PatchGroup,
        SsmAssociation,
    )

    max_days = parameter.integer(
        default=30,
        minimum=0,
        maximum=360,
        help="How many days after its release a security patch is approved at the latest.",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each baseline that leaves patches out, and each task that has no effect."""
        for coverage in patch_baselines(graph, self.max_days):
            yield from self._of_baseline(coverage)
        tasks = patch_tasks(graph)
        for task in tasks:
            yield from _of_scan(task, tasks)
            yield from _of_windows(task)
            yield from _of_tags(graph, task)

    def _of_baseline(self, coverage: BaselineCoverage) -> Iterator[Verdict]:
        baseline = coverage.baseline
        word = f"{coverage.missing} " if coverage.missing else ""
        yield from require(
            coverage.approves,
            of=baseline,
            at=baseline.place("approval_rules"),
            otherwise=f"no rule approves all {word}security patches",
            perhaps=f"whether a rule approves all {word}security patches is not known",
            value="approval",
        )
        if coverage.approves.truth is True:
            yield from require(
                coverage.in_time,
                of=baseline,
                at=coverage.rule,
                otherwise="security patches are approved up to a day that has passed"
                if coverage.until_a_day
                else f"security patches are approved later than {self.max_days} days after their "
                "release",
                perhaps="how soon security patches are approved is not known",
                value="days",
            )
        yield from require(
            ~coverage.rejects_all,
            of=baseline,
            at=baseline.place("rejected_patches"),
            otherwise="every patch is rejected",
            perhaps="every patch may be rejected",
        )
        yield from require(
            coverage.used,
            of=baseline,
            at=baseline,
            otherwise=f"{baseline.address} is not the default, and no patch group has it",
            perhaps=f"{baseline.address} may not be the default, and no patch group may have it",
            value="unused",
        )


def _of_scan(task: PatchTask, tasks: tuple[PatchTask, ...]) -> Iterator[Verdict]:
    """Whether what a task only scans is installed by another."""
    others = any_of(
        other.there & other.answer & other.installs & _same(task, other)
        for other in tasks
        if other is not task
    )
    yield from require(
        ~task.answer | task.installs | others,
        of=task.resource,
        at=task.place,
        otherwise=f"{task.resource.address} only scans, and nothing here installs what is missing",
        perhaps=f"{task.resource.address} may only scan, and nothing install what is missing",
        value="scan",
    )


def _same(one: PatchTask, other: PatchTask) -> Answer:
    """Whether two tasks run on the same instances, as far as what they select says."""
    if one.selection is not None and one.selection == other.selection:
        return Answer(True)
    reason = f"whether {other.resource.address} runs on the same instances is not known"
    return Answer(None, (Unknown(reason, "external-id", other.resource.span),))


def _of_windows(task: PatchTask) -> Iterator[Verdict]:
    for window in task.windows:
        yield from require(
            ~task.answer | window.equals("enabled", True),
            of=window,
            at=window.place("enabled"),
            otherwise=f"{window.address} is switched off, so {task.resource.address} never runs",
            perhaps=f"{window.address} may be switched off",
            evidence=(Evidence(task.resource.span, "it patches in it", task.resource.address),),
            fix=set_to(True),
        )


def _of_tags(graph: Graph, task: PatchTask) -> Iterator[Verdict]:
    """Tags that a task runs on, and that instances here have with other values only."""
    hosts = patched_hosts(graph)
    for target in (target for group in task.targets or () for target in group):
        key = target.key
        name = "" if key is None else (key.text or "").removeprefix("tag:")
        tagged = [host for host in hosts if name in host.tags or host.unknown_tags is not None]
        if isinstance(key, Unknown):
            tagged = list(hosts)
        elif key is None or key.text == name:
            continue
        if tagged:
            yield from require(
                ~task.answer | any_of(selects(graph, target, host) for host in hosts),
                of=task.resource,
                at=target.place("values"),
                otherwise=f"{task.resource.address} runs on no instance that is declared here: "
                f"none has the value that it asks of the tag {name}",
                perhaps=f"{task.resource.address} may run on no instance that is declared here",
                evidence=tuple(_tags(tagged, name)),
                value=name,
            )


def _tags(hosts: Iterable[Resource], name: str) -> Iterator[Evidence]:
    for host in hosts:
        if name in host.tags:
            words = f"{host.address} has another value of it"
            yield Evidence(host.tags[name].span, words, host.address)
            return
