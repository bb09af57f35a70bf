"""EC2 hosts, disks and images: what is in effect for each of them."""
