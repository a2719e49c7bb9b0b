"""The door as plain pages: joining, signing in, getting back in. Works without script."""
