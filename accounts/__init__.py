"""Who can sign in, with which keys, and how they are asked."""
