"""A day of the secretariat, Tuesday 4 September 2012, played on a practice desk: everything at once, no accounts needed."""

from bot.demo.play import play

__all__ = ["play"]
