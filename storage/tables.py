"""What the desk remembers: every register and every ledger by name, with what each is looked up by."""

from collections.abc import Mapping
from typing import Any

from committee.addressing import Addressing
from committee.alarms import Alarm, Lateness
from committee.announcements import Announcement
from committee.briefings import Briefing
from committee.calendar import DayOff
from committee.cards import Action, EventCard
from committee.cases import Case
from committee.chat import FormDraft, Heard, HomeOpened
from committee.confirmations import Answer
from committee.contacts import Contact
from committee.council import Term
from committee.delegations import Delegation
from committee.desk import Backup, DeskFacts, Language, RoundTrip, Tick
from committee.joining import JoinCode, Tries
from committee.letters import Delivery, Letter, Stop
from committee.list_posts import ListPost
from committee.lists import ByHand, DistributionList
from committee.mail import Mail
from committee.organizations import Organization
from committee.parties import Party
from committee.policies import Policy
from committee.posts import ChatFacts, Post
from committee.programme import Item
from committee.relays import Relay
from committee.repairs import Repair
from committee.sent_messages import SentMessage
from committee.staff import Person
from committee.states import State
from committee.submissions import Submission
from committee.working_groups import Chairing, WorkingGroup
from storage.ledgers import Ledger, LedgerOf
from storage.registers import Register, RegisterOf

REGISTERS: Mapping[str, RegisterOf[Any]] = {
    "desk": RegisterOf(DeskFacts),
    "states": RegisterOf(State),
    "organizations": RegisterOf(Organization),
    "parties": RegisterOf(Party, index=("kind",)),
    "addressings": RegisterOf(Addressing, index=("party",)),
    "terms": RegisterOf(Term),
    "briefings": RegisterOf(Briefing),
    "lists": RegisterOf(DistributionList),
    "list_exceptions": RegisterOf(ByHand, index=("list",)),
    "contacts": RegisterOf(Contact, index=("party", "address")),
    "confirmations": RegisterOf(Answer, index=("party",)),
    "groups": RegisterOf(WorkingGroup),
    "chairings": RegisterOf(Chairing, index=("body",)),
    "programme": RegisterOf(Item),
    "policies": RegisterOf(Policy, index=("name",)),
    "days_off": RegisterOf(DayOff),
    "staff": RegisterOf(Person),
    "chat": RegisterOf(ChatFacts),
    "delegations": RegisterOf(Delegation),
    "join_codes": RegisterOf(JoinCode),
    "join_tries": RegisterOf(Tries),
    "languages": RegisterOf(Language),
    "heard": RegisterOf(Heard),
    "form_drafts": RegisterOf(FormDraft),
    "homes": RegisterOf(HomeOpened),
    "repairs": RegisterOf(Repair),
    "stops": RegisterOf(Stop),
    "relays": RegisterOf(Relay),
    "alarms": RegisterOf(Alarm),
    "cases": RegisterOf(Case, index=("officer", "ending")),
    "lateness": RegisterOf(Lateness),
    "ticks": RegisterOf(Tick),
    "backups": RegisterOf(Backup),
    "round_trips": RegisterOf(RoundTrip),
}
LEDGERS: Mapping[str, LedgerOf[Any]] = {
    "mail": LedgerOf(Mail, columns=("state", "source", "sha256", "message_id", "sender", "party", "submission"), kept=("sha256",)),
    "submissions": LedgerOf(
        Submission, columns=("state", "kind", "party", "message_id"), kept=("enclosures",)
    ),
    "letters": LedgerOf(
        Letter,
        columns=("kind", "party", "release", "reference", "message_id", "conversation"),
        kept=("template", "enclosures"),
    ),
    "deliveries": LedgerOf(
        Delivery,
        columns=("state", "letter", "kind", "party", "release", "address", "record"),
        order=("priority", "turn", "due"),
    ),
    "sent_messages": LedgerOf(SentMessage, kept=("template", "enclosures")),
    "list_posts": LedgerOf(ListPost, columns=("list", "state", "release"), kept=("enclosures", "files")),
    "announcements": LedgerOf(Announcement, columns=("state", "kind", "party")),
    "cards": LedgerOf(EventCard, columns=("kind", "about")),
    "actions": LedgerOf(Action, columns=("card",)),
    "posts": LedgerOf(Post, columns=("state", "card", "place", "queue")),
}  # fmt: skip


class Tables:
    """The same names outside a transaction, where they are read, and inside one, where they change."""

    desk: Register[DeskFacts]
    states: Register[State]
    organizations: Register[Organization]
    parties: Register[Party]
    addressings: Register[Addressing]
    terms: Register[Term]
    briefings: Register[Briefing]
    lists: Register[DistributionList]
    list_exceptions: Register[ByHand]
    contacts: Register[Contact]
    confirmations: Register[Answer]
    groups: Register[WorkingGroup]
    chairings: Register[Chairing]
    programme: Register[Item]
    policies: Register[Policy]
    days_off: Register[DayOff]
    staff: Register[Person]
    chat: Register[ChatFacts]
    delegations: Register[Delegation]
    join_codes: Register[JoinCode]
    join_tries: Register[Tries]
    languages: Register[Language]
    heard: Register[Heard]
    form_drafts: Register[FormDraft]
    homes: Register[HomeOpened]
    repairs: Register[Repair]
    stops: Register[Stop]
    relays: Register[Relay]
    alarms: Register[Alarm]
    cases: Register[Case]
    lateness: Register[Lateness]
    ticks: Register[Tick]
    backups: Register[Backup]
    round_trips: Register[RoundTrip]
    mail: Ledger[Mail]
    submissions: Ledger[Submission]
    letters: Ledger[Letter]
    deliveries: Ledger[Delivery]
    sent_messages: Ledger[SentMessage]
    list_posts: Ledger[ListPost]
    announcements: Ledger[Announcement]
    cards: Ledger[EventCard]
    actions: Ledger[Action]
    posts: Ledger[Post]
