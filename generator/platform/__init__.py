"""What the operator decided."""
