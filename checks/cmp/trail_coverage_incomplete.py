from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.audit import TrailCoverage, trail_coverage
from iac_ec2lint.api.resources import Trail


class TrailCoverageIncomplete(Check):
    """CloudTrail does not record all EC2 API activity.

    ## Why it matters
    What a trail does not record cannot be looked up after an incident. Attackers start instances in
    Regions that nobody uses, and a trail of one Region never sees them.

    Recording counts for the account: a complete trail beside an incomplete one makes up for it. A
    trail of data events alone is undecided, since another one may record management events.

    ## Fails
    ```hcl
    resource "aws_cloudtrail" "main" {
      name           = "main"
      s3_bucket_name = "trail-logs"
    }
    ```
    ```yaml
    Resources:
      Trail:
        Type: AWS::CloudTrail::Trail
        Properties:
          S3BucketName: trail-logs
          IsLogging: true
    ```

    ## Passes
    ```diff hcl
       s3_bucket_name = "trail-logs"
    +  is_multi_region_trail = true
    ```
    ```diff yaml
           IsLogging: true
    +      IsMultiRegionTrail: true
    ```

    ## How to mend it
    Have one trail that logs in every Region and records management events, reads and writes.
    Set `is_multi_region_trail = true`, and leave `event_selector` out or keep
    `include_management_events = true` with `read_write_type = "All"`.

    ## References
    - [Creating a trail for your AWS account](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html)
    - [Logging management events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html)
    - [Log Amazon EC2 API calls](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-with-cloudtrail.html)
    """

    code = "CMP002"
    name = "trail-coverage-incomplete"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (Trail,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each setting by which a trail misses calls that no other one records."""
        for coverage in trail_coverage(graph):
            trail = coverage.trail
            for field, safe, otherwise, perhaps in (
                (
                    "enable_logging",
                    coverage.logging,
                    "the trail is switched off",
                    "the trail may be switched off",
                ),
                (
                    "is_multi_region",
                    coverage.every_region,
                    "the trail records one Region alone",
                    "the trail may record one Region alone",
                ),
                (
                    "include_global_service_events",
                    coverage.global_services,
                    "the trail leaves out global services",
                    "the trail may leave out global services",
                ),
            ):
                yield from require(
                    safe, of=trail, at=trail.place(field), otherwise=otherwise, perhaps=perhaps
                )
            yield from _selected(coverage)


def _selected(coverage: TrailCoverage) -> Iterator[Verdict]:
    """A verdict where the selectors leave out calls that read, or calls that write."""
    trail, halves = coverage.trail, {"read": coverage.reads, "write": coverage.writes}
    missing = [half for half, recorded in halves.items() if recorded.truth is False]
    what = " and ".join(missing) if missing else "some"
    field = "event_selectors" if trail.event_selectors else "advanced_event_selectors"
    yield from require(
        coverage.reads & coverage.writes,
        of=trail,
        at=trail.place(field),
        otherwise=f"its event selectors leave out {what} management events",
        perhaps="its event selectors may leave out management events",
    )
