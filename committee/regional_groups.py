"""The five regional groups of the United Nations, and the words by which people name them."""

from committee.names import fold

GROUPS = {
    "African Group": ("african", "africa", "african states", "african group"),
    "Asia-Pacific Group": ("asia-pacific", "asia pacific", "asia", "asian", "asia-pacific states", "apg"),
    "Eastern European Group": ("eastern european", "eastern europe", "eastern european states", "eeg"),
    "GRULAC": ("latin american and caribbean", "latin america and the caribbean", "latin america"),
    "WEOG": ("weog", "western european and others", "western european and other states", "western europe"),
}  # fmt: skip
"""The register's word for each group, and what people type."""


def group_named(typed: str) -> str | None:
    """The register's word for the group that `typed` names; None where no group has that name."""
    name = fold(typed).removesuffix(" group").removeprefix("the ")
    return next((group for group, names in GROUPS.items() if name in names or name == fold(group)), None)
