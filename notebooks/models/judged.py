"""What is said of a claim needs its judged cells, without knowing who judged them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Cell(Protocol):
    """What the words need of a judged cell: its setting, and whether the claim 'holds' or 'fails' there."""

    @property
    def params(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
