"""What the reading of extracts must do, sentence by sentence of the landing zone contract."""
