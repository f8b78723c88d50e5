"""What a process has counted of its deliveries since it began: plain numbers, for whoever draws curves."""

from dataclasses import dataclass

from committee.letters import DeliveryState


@dataclass(slots=True)
class Figures:
    """Counters that only grow."""

    sent: int = 0
    refused: int = 0
    put_off: int = 0
    uncertain: int = 0
    expired: int = 0
    retried: int = 0  # handed over for a second time or more
    lease_lost: int = 0  # claimed, and not ours any more when it was to be sent
    slowed: int = 0  # times that a server asked for less

    def count(self, state: DeliveryState) -> None:
        """One copy has come into a state by the server's answer."""
        match state:
            case DeliveryState.SENT:
                self.sent += 1
            case DeliveryState.REFUSED:
                self.refused += 1
            case DeliveryState.LATER:
                self.put_off += 1
            case DeliveryState.UNCERTAIN:
                self.uncertain += 1
            case DeliveryState.EXPIRED:
                self.expired += 1
            case _:
                pass
