"""Bodies and answers of /me/outlets; part of `webapp.api.schemas`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from reader.types_outlets import OutletKind
from webapp.api.schemas import In

_NAME = Annotated[str, Field(min_length=1, max_length=200)]
# Of a folder its name is needed.
_FOLDER_NAMED: dict[str, Any] = {
    "if": {"properties": {"kind": {"const": "folder"}}},
    "then": {"required": ["folder"], "properties": {"folder": {"minItems": 1}}},
}


class OutletIn(In):
    """kind: what the address is to open; folder: for kind `folder`, names from the outside in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_FOLDER_NAMED)

    kind: OutletKind
    name: str = Field("", max_length=100)
    folder: list[_NAME] = Field([], max_length=20)
    full_text: StrictBool = False

    @model_validator(mode="after")
    def _check(self) -> OutletIn:
        if self.kind == "folder" and not self.folder:
            raise ValueError("give the folder")
        return self


class OutletQuery(BaseModel):
    """Which: the id, as GET /me/outlets has it."""

    id: str = Field(max_length=64)


class OutletOut(BaseModel):
    """An address without its secret. used_at: when it was last fetched, to ten minutes; null if never."""

    id: str
    kind: OutletKind
    name: str
    folder: list[str]
    full_text: bool
    created_at: datetime
    used_at: datetime | None


class OutletsOut(BaseModel):
    """All of them, oldest first."""

    outlets: list[OutletOut]


class MadeOutletOut(OutletOut):
    """address: where to fetch it, with its secret: said this once."""

    address: str
