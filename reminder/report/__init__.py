"""Pure: state to progress, digest rows, lights and the public page."""
