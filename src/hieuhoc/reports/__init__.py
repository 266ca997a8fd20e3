"""What the province sends upward: forms, submissions, approval; dashboards; official papers."""
