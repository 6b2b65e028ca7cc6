"""Catalogue, price lists, documents, numbering, seal, payments, statements."""
