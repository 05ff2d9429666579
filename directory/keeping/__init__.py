"""Keeping it true: the information officers' work, which changes the directory. No pages here."""
