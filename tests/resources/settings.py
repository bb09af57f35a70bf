"""Settings that several types have, in both languages."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref

GROUP = ref("sg")
OPTIONS_TF: dict[str, Plain] = {
    "http_endpoint": "enabled",
    "http_tokens": "required",
    "http_put_response_hop_limit": 2,
    "http_protocol_ipv6": "enabled",
    "instance_metadata_tags": "enabled",
}
OPTIONS_CFN: dict[str, Plain] = {
    "HttpEndpoint": "enabled",
    "HttpTokens": "required",
    "HttpPutResponseHopLimit": 2,
    "HttpProtocolIpv6": "enabled",
    "InstanceMetadataTags": "enabled",
}
EBS_TF: dict[str, Plain] = {
    "encrypted": True,
    "kms_key_id": ref("key", "arn"),
    "snapshot_id": ref("snap"),
    "volume_size": 8,
    "volume_type": "gp3",
    "delete_on_termination": True,
}
EBS_CFN: dict[str, Plain] = {
    "Encrypted": True,
    "KmsKeyId": ref("key", "arn"),
    "SnapshotId": ref("snap"),
    "VolumeSize": 8,
    "VolumeType": "gp3",
    "DeleteOnTermination": True,
}
MAPPING_CFN: list[Plain] = [{"DeviceName": "/dev/sdb", "Ebs": EBS_CFN}]
POLICY: dict[str, Plain] = {"Version": "2012-10-17", "Statement": []}
