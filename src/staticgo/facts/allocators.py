"""Allocators that can take the place of libc's in a program that links C."""

from __future__ import annotations

ALLOCATORS = ("mimalloc",)
"""Names that --allocator takes. Each is a recipe, and its archive holds all of malloc's family.

The archive stands before libc on the linker's command line, so malloc is found in it, and libc's own
(weak, in a member of its own) is never taken out of libc.a.
"""
