"""Texts that a file gives by language, and the base of models that refuse unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Bilingual(Strict):
    """One text by language."""

    ko: Text
    en: Text

    def text(self, lang: str) -> str:
        """The text in a language; in English where there is none in it."""
        return str(getattr(self, lang, None) or self.en)
