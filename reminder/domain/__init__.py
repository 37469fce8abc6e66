"""Pure nouns, standard library only: what is passed between the rooms."""
