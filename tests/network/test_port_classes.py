from __future__ import annotations

import pytest

from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import ALL_PORTS, TCP, UDP, PortSet


def test_there_are_five_classes() -> None:
    names = ["administration", "data store", "legacy", "alternative web", "web"]
    assert list(port_classes()) == names
    assert all(name == found.name for name, found in port_classes().items())


@pytest.mark.parametrize(
    ("name", "protocol", "ports"),
    [
        (
            "administration",
            TCP,
            (
                "22, 2375-2376, 3389, 4505-4506, 5500, 5800, 5900-5903, 5985-5986, "
                "6000-6010, 6443, 8140, 10250, 10255, 50070"
            ),
        ),
        ("administration", UDP, "3389"),
        (
            "legacy",
            TCP,
            (
                "20-21, 23, 25, 69, 88, 110-111, 135, 137-139, 143, 161-162, 389, 445, "
                "464, 512-514, 636, 749-750, 2049, 3020"
            ),
        ),
        # Syslog is UDP's, rsh TCP's, and so are mail, FTP and Telnet.
        (
            "legacy",
            UDP,
            "69, 88, 111, 135, 137-139, 161-162, 389, 445, 464, 514, 636, 749-750, 2049, 3020",
        ),
        (
            "alternative web",
            TCP,
            "3000, 4333, 5000, 7000-7001, 8000, 8080, 8088, 8500, 8888, 9000, 9090, 9093",
        ),
        ("web", TCP, "80, 443"),
    ],
)
def test_a_class_has_the_ports_of_its_checks(name: str, protocol: int, ports: str) -> None:
    assert port_classes()[name].ports(protocol) == PortSet.parse(ports)


def test_a_port_has_the_service_of_its_protocol() -> None:
    port = PortSet.of([(514, 514)])
    legacy = port_classes()["legacy"]
    assert [service.name for service in legacy.services_on(TCP, port)] == ["rlogin or rsh"]
    assert [service.name for service in legacy.services_on(UDP, port)] == ["syslog"]


def test_data_stores_are_judged_on_the_protocols_that_they_speak() -> None:
    stores = port_classes()["data store"]
    # SQL Server's browser and Memcached; IANA has the ports of others for UDP as well.
    assert stores.ports(UDP) == PortSet.parse("1433-1434, 2382-2383, 11211, 11214-11215")
    assert stores.ports(TCP) == PortSet.parse(
        "1433-1434, 1521, 2181-2182, 2379, 2382-2383, 2483-2484, 3306, 5432, 5439, 5601, "
        "5671-5672, 6379-6380, 7199, 8020, 8086, 8182, 9042, 9092, 9094, 9096, 9098, 9111, "
        "9160, 9194, 9196, 9198, 9200, 9300, 11211, 11214-11215, 15671-15672, 27017-27019, "
        "61613-61614, 61616-61617, 61619-61621"
    )


def test_no_port_is_in_two_classes() -> None:
    seen = PortSet.of([])
    for found in port_classes().values():
        assert not seen.overlaps(found.ports(TCP))
        seen |= found.ports(TCP)


def test_a_class_can_be_narrowed_to_services() -> None:
    administration = port_classes()["administration"]
    assert administration.only("SSH").ports(TCP).describe() == "22"
    rest = administration.without("SSH", "RDP")
    assert rest.ports(TCP) | administration.only("SSH", "RDP").ports(TCP) == administration.ports(
        TCP
    )
    assert not rest.ports(TCP).contains(22)
    with pytest.raises(KeyError):
        administration.only("Gopher")


def test_services_are_named_by_the_ports_they_share() -> None:
    stores = port_classes()["data store"]
    ports = PortSet.of([(5400, 5500)])
    assert [service.name for service in stores.services_on(TCP, ports)] == [
        "PostgreSQL",
        "Redshift",
    ]
    assert stores.services_on(47, ALL_PORTS) == ()
    assert len(stores.services_on(TCP, ALL_PORTS)) == len(stores.services)
