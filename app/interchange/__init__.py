"""Foreign formats, one file each, in or out."""
