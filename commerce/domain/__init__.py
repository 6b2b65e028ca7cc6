"""The rules of money and of the catalogue: no Django, no database, no clock (docs/rules/totals.md, prices.md)."""
