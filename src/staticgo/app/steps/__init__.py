"""The steps that verbs are made of: gather, act, and remembering what was done."""
