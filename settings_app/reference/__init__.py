"""Lists that the company manages itself: civilities, statuses and, later, all the others."""
