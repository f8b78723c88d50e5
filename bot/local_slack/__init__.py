"""A Slack on loopback that keeps Slack's rules: what tests speak to, and what newcomers try the desk on."""

from bot.local_slack.server import application as application
from bot.local_slack.server import served as served
from bot.local_slack.workspace import Workspace as Workspace
