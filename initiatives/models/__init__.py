"""The nouns of the directory, one a file."""

from initiatives.models.actor import Actor, ActorLabel, ActorTie, PrivateContact
from initiatives.models.audience import Audience
from initiatives.models.daily_task import DailyTask
from initiatives.models.editorial_text import EditorialText
from initiatives.models.funding import Funding
from initiatives.models.funding_source import FundingSource
from initiatives.models.initiative import Initiative, InitiativeTheme
from initiatives.models.label import Label
from initiatives.models.lineage import Lineage
from initiatives.models.link_check import LinkCheck
from initiatives.models.milestone import Milestone
from initiatives.models.moderation import ModerationRules, ReplyTemplate
from initiatives.models.not_duplicate import NotDuplicate
from initiatives.models.notice import Notice
from initiatives.models.offer import Offer
from initiatives.models.ownership import Invitation, Ownership, Recheck
from initiatives.models.participation import Participation
from initiatives.models.photo import Photo
from initiatives.models.publication import GivenSlug
from initiatives.models.question import Question
from initiatives.models.rate_count import RateCount
from initiatives.models.search_miss import SearchMiss
from initiatives.models.search_text import SearchText
from initiatives.models.site import Site
from initiatives.models.source import Source
from initiatives.models.submission import (
    Consent,
    Opinion,
    ProposedChange,
    SentPhoto,
    Submission,
    SubmissionEvent,
    SubmissionMessage,
)
from initiatives.models.synonym import Synonym
from initiatives.models.taking_part import TakingPart
from initiatives.models.territory import PostalCode, Territory, TerritoryName
from initiatives.models.territory_figure import TerritoryFigure
from initiatives.models.theme import Theme
from initiatives.models.user import User
from initiatives.models.version import ALL, DirectoryVersion, current_version, record_change, take_turn

__all__ = [
    "ALL",
    "Actor",
    "ActorLabel",
    "ActorTie",
    "Audience",
    "Consent",
    "DailyTask",
    "DirectoryVersion",
    "EditorialText",
    "Funding",
    "FundingSource",
    "GivenSlug",
    "Initiative",
    "InitiativeTheme",
    "Invitation",
    "Label",
    "Lineage",
    "LinkCheck",
    "Milestone",
    "ModerationRules",
    "NotDuplicate",
    "Notice",
    "Offer",
    "Opinion",
    "Ownership",
    "Participation",
    "Photo",
    "PostalCode",
    "PrivateContact",
    "ProposedChange",
    "Question",
    "RateCount",
    "Recheck",
    "ReplyTemplate",
    "SearchMiss",
    "SearchText",
    "SentPhoto",
    "Site",
    "Source",
    "Submission",
    "SubmissionEvent",
    "SubmissionMessage",
    "Synonym",
    "TakingPart",
    "Territory",
    "TerritoryFigure",
    "TerritoryName",
    "Theme",
    "User",
    "current_version",
    "record_change",
    "take_turn",
]
