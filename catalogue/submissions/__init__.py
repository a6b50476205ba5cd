"""What editors hand in, to be read by those who may publish; no page for the public reads of it."""
