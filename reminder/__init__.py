"""reminder: follows up a city's programme by email."""

__version__ = "0.1.0"
