"""Disks that others get at: by what they may do, and by permissions that publish copies."""
