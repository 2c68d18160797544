"""pira: from the approved plan and the offices' extracts to the filled scorecard."""
