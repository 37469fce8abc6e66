"""Pure decisions: (setup, extensions) to the year's steps, and (setup, steps, state, now) to what is to be done."""
