"""Where an archive keeps its things."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder of one archive, and the places within it. Nothing is made here."""

    path: Path
    warc_depot: str = ""  #: where closed WARC files go for good; "": they stay here
    warc_depot_endpoint: str = ""  #: where that store answers; "": as its address says

    @property
    def settings_file(self) -> Path:
        """The operator's settings."""
        return self.path / "hongtou.toml"

    @property
    def warc(self) -> Path:
        """WARC files, by year and month."""
        return self.path / "warc"

    @property
    def catalogue_url(self) -> str:
        """The embedded catalogue, where the settings name no other database."""
        return f"sqlite:///{self.path / 'catalogue.sqlite'}"

    @property
    def index(self) -> Path:
        """The search index; can be made again from the catalogue."""
        return self.path / "index"

    @property
    def journal(self) -> Path:
        """The operator's judgements, append-only; with the WARCs, all that a rebuild needs."""
        return self.path / "journal"

    @property
    def sources(self) -> Path:
        """The operator's own sources, beside those that come with Hongtou."""
        return self.path / "sources"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.path / "lock"
