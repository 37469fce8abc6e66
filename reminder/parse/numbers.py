"""How the numbers of actions are written on a line: alone, in a list, bent, with a word before them or a mark behind."""

from __future__ import annotations

NUMBER = r"\d{1,4}(?:\.\d{1,3}){0,4}[a-z]?"
KEY = (
    r"(?:toimenpi(?:de(?:ttä)?|teen|teet|teessä|teellä|teestä)|(?:vastaus )?koh(?:ta|taan|dan|dassa|dat)|nro|numero|tila"
    r"|läget? (?:för|på|i)|läge|status (?:of|for)|status|åtgärd(?:en|er|erna)?|punkt(?:en|erna)?|nr|nummer"
    r"|actions?|items?|measures?|number|no)"
)
"""The word before a number."""
AND = r"\s*(?:,|&|\+|/|ja|och|and|sekä)\s*"
"""Between the numbers of a list."""
ENDING = r"(?::(?:n|ssa|ssä|lla|llä|lle|een|sta|stä)\b)?"
"""`1.5:n tila on vihreä`: Finnish bends numbers too."""
SEPARATOR = r"(?P<sep>\s*[\]).:=–—\-,;\t|/]{0,4}\s*)"
"""The mark between the numbers and what is said of them."""
