"""Whether CI had passed when a container was deployed (DESIGN section 5)."""

from whatsrunning.verdicts.ci.verdict import verdict

__all__ = ["verdict"]
