"""Pure and total: any bytes become a Reading, never an exception.

`PARSER_VERSION` is stored with each reading, so that `replay` can tell what an older parser said.
"""

PARSER_VERSION = "3"
