"""What leaves the house about plans: tables to sign, sheets, calendars."""
