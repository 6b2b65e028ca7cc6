"""Paper: one document's frozen copy as a PDF that archives keep (PDF/A-3a) and everybody can read (PDF/UA-1)."""

from commerce.paper.engine import Mark, render

__all__ = ["Mark", "render"]
