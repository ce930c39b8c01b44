"""Values -> text and JSON. Pure; nothing is printed here."""
