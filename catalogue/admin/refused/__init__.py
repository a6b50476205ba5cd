"""What a form that is not saved tells its editor: what is wrong with it, and what was written in it."""
