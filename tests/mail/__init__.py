"""The morning mail, against a real mail server on loopback."""
