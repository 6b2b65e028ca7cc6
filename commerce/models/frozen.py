"""What issuing freezes of a document, listed once: the trigger's migration and the tests read it.

Every column of `Document` stands in one of the two; a test fails on a new one that nobody placed.
"""

from typing import Final

# Refused by Postgres on a document that is no draft any more.
FROZEN: Final = (
    *("id", "kind", "store_id", "warehouse_id", "number", "title", "date", "valid_until", "payment_method_id"),
    *("language_id", "prices_with_vat", "dwelling_over_two_years", "discount_percent", "discount_amount", "foot"),
    *("client_reference", "execution", "service_on", "contract_mode", "is_urgent"),
    *("reverse_charge", "waste_quantity", "waste_unit", "waste_cost", "waste_sorting", "waste_points"),
    *("net", "vat", "gross", "created_by_id", "created_at"),
)
# Links and remarks beside the copy: an address may be deleted, an ouvrage found later, a note written. `client_id`
# follows a merge, `state` the steps of its kind; a quote comes back signed after it was issued.
MOVING: Final = (
    *("client_id", "state", "followed_by_id", "note", "installation_id"),
    *("billing_address_id", "delivery_address_id", "site_address_id", "attested_on", "attested_by"),
    *("contract_on", "early_start_on"),
    *("version", "updated_at", "search_text"),
)
