"""One file a revision, in the order of their numbers. A revision that has left the house is never changed."""
