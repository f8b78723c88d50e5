"""The local Slack in a browser: channels, messages, modals and Home, as one person of the workspace after the other."""

from bot.local_slack.page.routes import Page as Page
