"""`python -m staticgo`."""

from staticgo.cli import main

main()
