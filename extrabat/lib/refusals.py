"""What a state or a rule refuses: nothing is written, the person is told why on a page with status 409."""


class Refused(Exception):  # noqa: N818  # read as a sentence: raise Refused("…")
    """`reason` is a French sentence shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
