"""Official documents become tasks; tasks, progress; obstacles, answers. The spine of the programme."""
