"""Chat: the desk in Slack, by Socket Mode; the one place that knows slack_bolt and slack_sdk."""
