"""What a state or a rule refuses: nothing is written, the person is told why on a page with status 409."""

from typing import Any, Final

# A trigger raises check_violation under a constraint of this name, with its French sentence as message.
TRIGGERED: Final = "refused_"
# By the name of a constraint, what the database means when it refuses; each room adds its own in `ready()`.
database_reasons: dict[str, str] = {}


class Refused(Exception):  # noqa: N818  # read as a sentence: raise Refused("…")
    """`reason` is a French sentence shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason_of(error: Exception) -> str | None:
    """The sentence of a `Refused`, of a trigger that refused, or of a constraint of `database_reasons`."""
    if isinstance(error, Refused):
        return error.reason
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    if constraint.startswith(TRIGGERED):
        return str(diagnosis.message_primary)
    return database_reasons.get(constraint)
