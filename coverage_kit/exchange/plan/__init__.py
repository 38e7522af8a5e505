"""Plan what an import would change."""
