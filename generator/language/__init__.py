"""What ci.yaml means."""
