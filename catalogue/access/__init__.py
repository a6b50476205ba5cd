"""Who comes in to the editors' pages: accounts and their groups, passwords that are guessed, second factor, links."""
