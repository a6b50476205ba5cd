"""What was done to a thing, and how to have it back."""
