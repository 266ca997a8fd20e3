"""The trail of who did what, attachments, and moving a row from state to state."""
