"""What a browser says of itself, in words by which its owner knows it again."""

from typing import Final

# In this order: each says that it is also the ones after it.
_NAMES: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_words(agent: str) -> str:
    """« Firefox sur Windows » from a User-Agent; « Navigateur inconnu » when it says nothing that one knows."""
    name = next((name for mark, name in _NAMES if mark in agent), "")
    system = next((system for mark, system in _SYSTEMS if mark in agent), "")
    if not name and not system:
        return "Navigateur inconnu"
    return f"{name or 'Navigateur'} sur {system}" if system else name
