"""What every feature needs and no family has ever heard of: no word of the domain is spoken here."""
