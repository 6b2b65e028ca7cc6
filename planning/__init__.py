"""Calendar, appointments, site planning, the technician's day and visit reports."""
