"""Pure: the public site of a programme, from progress to files. `views` says what is shown, `pages` and `open_data` write it."""
