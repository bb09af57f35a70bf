"""What is declared and is nothing in AWS."""

from iac_ec2lint.resources.part import Resource


class Auxiliary(Resource):
    """What is declared and makes nothing in AWS: a provider's configuration, an output.

    Checks find it by its class (``graph.all(Provider)``). It is no node of the graph: nothing
    refers to it, no picture shows it, and it counts as no resource.
    """
