"""What the API answers to questions of research, for its OpenAPI description."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from archive.access.api_models import Code, VersionSummary


class Piece(BaseModel):
    """Some characters, and what became of them."""

    mark: Literal["same", "gone", "come"]
    text: str


class DifferenceRow(BaseModel):
    """A sentence before and after; one side is empty where it is gone or has come."""

    before: list[Piece]
    after: list[Piece]


class Differences(BaseModel):
    """What changed between two versions."""

    notice_id: str
    before: VersionSummary
    after: VersionSummary
    rows: list[DifferenceRow] = Field(description="Changed sentences; all of them if `whole`.")
    is_cut: bool = Field(description="A text has more sentences than are compared.")
    is_coarse: bool = Field(description="So much differs that some sentences stay whole.")


class Link(BaseModel):
    """One notice in a chain, or something cited that is not here."""

    relation: str = Field(description="cites, basis, forwards, implements, amends, repeals …")
    written: str = Field(description="The number or title it is cited by.")
    id: str | None
    document_number: str | None
    title: str | None
    is_again: bool = Field(description="It stands elsewhere in the chain, with its links.")
    links: list[Link]


class Chain(BaseModel):
    """What a notice rests on, and what rests on it."""

    id: str
    document_number: str | None
    title: str
    cites: list[Link]
    cited_by: list[Link]
    is_cut: bool = Field(description="There is more of it than is told.")


class SeriesRow(BaseModel):
    """The numbers of one issuer, year and place."""

    issuer_code: str = Field(description="机关代字, such as 国办发.")
    year: int
    jurisdiction: str | None = Field(description="GB/T 2260 code; null where it is not known.")
    seen: list[int]
    cited: list[int] = Field(description="Cited by others, not here.")
    last: int = Field(description="The highest seen or cited.")
    certainty: Literal["high", "low"] = Field(description="How sure the last number is.")
    missing: list[int] = Field(description="From 1 to the last, not here; the first 500.")


class SeriesPage(BaseModel):
    """Number series, those with the most notices first."""

    total: int
    series: list[SeriesRow]
    next_offset: int | None


class WantedRow(BaseModel):
    """Something that is cited and not here."""

    number: str | None
    title: str | None
    cited_by: int = Field(description="How many notices cite it.")
    example: str = Field(description="Id of one of them.")
    issuing_bodies: list[str] = Field(
        description="Whose the number is by its code, where that is known."
    )
    jurisdiction: str | None = Field(description="GB/T 2260 code of those.")


class CodePage(BaseModel):
    """Issuer codes of the archive."""

    codes: list[Code]
    next_after: str | None = Field(description="For the next page, as `after`.")


class WantedList(BaseModel):
    """The want list, the most cited first."""

    wanted: list[WantedRow]


class PlaceRow(BaseModel):
    """One place, and how many notices stand there or below."""

    region: str = Field(description="As `/notices` takes it.")
    code: str = Field(description="GB/T 2260; 000000 is the nation.")
    name: str
    level: Literal["nation", "province", "city", "county"]
    notices: int


class LevelCounts(BaseModel):
    """Notices of each level."""

    nation: int
    province: int
    city: int
    county: int


class PlaceFacets(BaseModel):
    """The places right below a region, of the notices that a search finds."""

    above: list[PlaceRow]
    below: list[PlaceRow]
    levels: LevelCounts


class Facet(BaseModel):
    """How many notices share a value."""

    value: str
    notices: int


class Facets(BaseModel):
    """How many notices share one value of one field, the commonest first."""

    facets: dict[str, list[Facet]]
