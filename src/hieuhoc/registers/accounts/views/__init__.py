"""Pages about people, their roles and invitations, the trail, one's own profile, and the register of units."""
