"""From a draft to what the public reads: preview, handing in, publishing, withdrawing, another address."""
