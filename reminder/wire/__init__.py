"""Pure formats spoken in both directions: the writer stands beside the reader."""
