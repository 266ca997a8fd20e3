"""Messages that wait to be sent, and the sending of them. It takes an address, not a person."""
