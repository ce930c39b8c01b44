"""The nouns: frozen values on the standard library only. A model never renders itself."""
