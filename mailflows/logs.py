"""The flows' log: which key, which kind, which state; never a subject, a body or a secret (bot/logs.py lets nothing else through)."""

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger("mailflows")
