"""Lists that several rooms fill in `AppConfig.ready()` and that the house reads: nobody imports upwards."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Items in the order of `sort`, then of arrival. Adding an item whose `key` is already there is refused."""

    def __init__(self, key: Callable[[T], object], sort: Callable[[T], object] = lambda _item: 0) -> None:
        self._key = key
        self._sort = sort
        self._items: dict[object, T] = {}

    def add(self, item: T) -> T:
        key = self._key(item)
        if key in self._items:
            raise ValueError(f"{key!r} is registered twice")
        self._items[key] = item
        return item

    def get(self, key: object) -> T | None:
        return self._items.get(key)

    def remove(self, key: object) -> None:
        """For tests that plant an item."""
        del self._items[key]

    def __iter__(self) -> Iterator[T]:
        return iter(sorted(self._items.values(), key=self._sort))  # type: ignore[arg-type]  # any comparable key

    def __len__(self) -> int:
        return len(self._items)
