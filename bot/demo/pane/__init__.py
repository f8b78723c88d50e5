"""What stands beside the chat in the browser: the tour, the mailboxes of missions, and the desk's clock."""

from bot.demo.pane.routes import Panes as Panes
