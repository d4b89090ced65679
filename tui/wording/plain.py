"""Words of plain mode's own: its greeting, its menu, how to answer."""

WELCOME = (
    "igauth in plain mode: sets up the Facebook login behind Matillion's Instagram Extract connector. A timer"
    " keeps it valid.\n"
    "Answer each question with a number, a letter or a word, then enter. ? lists the choices, an empty line repeats.\n"
    "b goes back, q quits. What was reported as saved stays saved."
)
CHOICES = "1. Guide\n2. Credentials\n3. Tokens\nl. Log in"
GOODBYE = "Goodbye."
NO_BROWSER = "This machine has no browser that igauth can open. The link:"
NO_CODE = "Facebook has not given a code for other devices."
NO_TOKENS_MATCH = "No tokens match."
