"""The demo's catalogue."""

from commerce.demo.load import load

__all__ = ["load"]
