"""What is published: the gates, the switch, the manifest, what is kept and what vouches for it."""
