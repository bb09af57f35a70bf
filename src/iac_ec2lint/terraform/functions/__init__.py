"""Terraform's functions. Each group is imported when one of its functions is first called."""

from __future__ import annotations

from importlib import import_module

from iac_ec2lint.terraform.functions.registry import FUNCTIONS, Function

_GROUPS = {
    "numeric": "abs ceil floor log max min parseint pow range signum sum",
    "texts.strings": (
        "chomp endswith indent join lower replace split startswith strcontains strrev substr "
        "title trim trimprefix trimspace trimsuffix upper"
    ),
    "texts.formatting": "format formatlist",
    "texts.patterns": "regex regexall",
    "sequences": (
        "alltrue anytrue chunklist compact concat contains distinct flatten index length "
        "matchkeys reverse slice sort"
    ),
    "selections": "coalesce coalescelist element one",
    "mappings": "keys lookup merge transpose values zipmap",
    "sets": "setintersection setproduct setsubtract setunion",
    "conversions": (
        "ephemeralasnull issensitive list map nonsensitive sensitive tobool tolist tomap "
        "tonumber toset tostring assumeequal assumelistlength assumelistlengthmax "
        "assumelistlengthmin assumemaplength assumemaplengthmax assumemaplengthmin "
        "assumesetlength assumesetlengthmax assumesetlengthmin assumenotnull"
    ),
    "encodings": (
        "base64decode base64encode base64gunzip base64gzip csvdecode jsondecode jsonencode "
        "textdecodebase64 textencodebase64 urldecode urlencode"
    ),
    "yaml": "yamldecode yamlencode",
    "digests": (
        "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 "
        "filesha256 filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5"
    ),
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "networks": "cidrcontains cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "files": "file filebase64 fileexists fileset templatefile templatestring",
    "paths": "abspath basename dirname pathexpand",
    "provided": (
        "provider::aws::arn_build provider::aws::arn_parse provider::aws::trim_iam_role_path "
        "provider::terraform::decode_tfvars"
    ),
}
_HOME = {name: group for group, names in _GROUPS.items() for name in names.split()}


def find(name: str) -> Function | None:
    """The function of that name; ``None`` where there is none.

    Those of a provider are named by its type: ``provider::aws::arn_build``.
    """
    function = FUNCTIONS.get(name)
    if function is None and name in _HOME:
        import_module(f"{__name__}.{_HOME[name]}")
        function = FUNCTIONS.get(name)
    return function
