"""Slack's rules for what an app may show, each with the page of Slack's documentation that it is from."""
