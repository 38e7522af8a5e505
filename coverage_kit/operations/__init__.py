"""Looking after a workspace: backup and restore, doctor, upgrade."""
