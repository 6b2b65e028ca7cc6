"""Money, dates, French formats, phones, forms, registries: knows no app."""
