"""The smallest programs that do the same kind of thing: what igauth is compared with."""
