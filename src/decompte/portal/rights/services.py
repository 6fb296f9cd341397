"""What other rooms may ask of people's rights over their data: the verbs, by their module."""

from decompte.portal.rights.closing import close, kept_until, staying
from decompte.portal.rights.exporting import export
from decompte.portal.rights.purge import Purged, purge

__all__ = ["Purged", "close", "export", "kept_until", "purge", "staying"]
