"""Threads of messages between a young person and who helps them."""
