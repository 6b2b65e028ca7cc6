"""Pictures that people give the house: the company's logo, their own photo, their own background."""
