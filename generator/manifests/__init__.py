"""What Kubernetes is given."""
