"""What editors do with lists: find things in them, and delete one or several."""
