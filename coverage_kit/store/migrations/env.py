"""Alembic's entry: runs on the connection that the caller hands over."""

from alembic import context

from coverage_kit.store.entities import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
