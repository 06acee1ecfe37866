"""Acts: one function = one permission = one audit entry = one transaction."""
