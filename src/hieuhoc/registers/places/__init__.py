"""Administrative units and agencies, as they were on any date."""
