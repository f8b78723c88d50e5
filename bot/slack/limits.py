"""What Slack takes at most, each with the page of its documentation that says so."""

from typing import Final

# https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
# https://docs.slack.dev/reference/block-kit/blocks/header-block
HEADER: Final = 150
# https://docs.slack.dev/reference/block-kit/blocks/section-block
SECTION: Final = 3000
FIELDS: Final = 10
FIELD: Final = 2000
# https://docs.slack.dev/reference/block-kit/blocks/context-block
CONTEXTS: Final = 10
# https://docs.slack.dev/reference/block-kit/blocks/actions-block
BUTTONS: Final = 25
# https://docs.slack.dev/reference/block-kit/block-elements/button-element
LABEL: Final = 75
# https://docs.slack.dev/reference/block-kit/composition-objects/option-object
OPTION: Final = 75
OPTIONS: Final = 100
# https://docs.slack.dev/reference/views/modal-views
VIEW_TITLE: Final = 24
PRIVATE_METADATA: Final = 3000
# https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
TYPED: Final = 3000

IN_ALL: Final = 12_000
"""Characters of one message; Slack refuses from about 13,000 on (`msg_blocks_too_long`), wherever they stand in it."""
NOTIFICATION: Final = 1_000
"""Characters of the text that a notification shows and a screen reader reads out."""
