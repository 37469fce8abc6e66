"""The long-running process: one worker, a bell that rings it, its health."""
