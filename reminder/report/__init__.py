"""Pure: state to progress, digest rows, lights, status rows and the public page."""
