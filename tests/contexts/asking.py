"""The options of a call whose environment has a home and little else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from whatsrunning.config.file import Config
from whatsrunning.config.options import Flags, Options, resolve


def options(
    home: Path, flags: Flags, env: Mapping[str, str] | None = None, configured: tuple[str, ...] = ()
) -> Options:
    """Options with these flags; `configured` are the contexts of the configuration."""
    chosen = resolve(flags, {"HOME": str(home), **(env or {})}, False, datetime.now(UTC))
    return replace(chosen, config=Config(contexts=configured))
