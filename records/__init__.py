"""The sealed record: the family's own book, held by its keys."""
