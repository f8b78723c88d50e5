"""The desk to be tried without any account: a practice desk with its chat in the browser, mailboxes, a clock, and a tour."""

from bot.demo.play import play, serve

__all__ = ["play", "serve"]
