"""What everything refers to: where (places), who acts (accounts). Registers refer to nothing above."""
