"""The open feed: listings as Open Referral UK 3.0 says them, for other people's programs.

It says what our pages say and no more: only shown listings, no address that is kept private, no number that is kept back, no
names but those that a publisher printed. What Open Referral UK has no field for goes along as properties of our own, which its
schemas allow.
"""
