"""What is seen: each screen asks services and draws the answer; none holds a rule or touches store or network."""
