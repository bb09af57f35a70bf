"""Trust policies of roles: whom of the unit, of elsewhere and of identity providers they admit."""
