"""What screens are made of. Widgets draw what they are given; they hold no rules and do no I/O."""
