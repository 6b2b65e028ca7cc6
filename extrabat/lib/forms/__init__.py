"""Forms: one field template, crispy for layout, versions against silent overwriting."""
