"""Each person's own choices: declared once by the app that reads them."""
