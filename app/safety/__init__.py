"""The help page and the neutral ways out: plain HTML that works for everybody, at any time."""
