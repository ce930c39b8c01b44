"""The verbs: one file each, read from top to bottom."""
