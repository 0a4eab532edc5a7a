"""Alembic's entry: the migrations run on the connection, and in the transaction, of the caller."""

from __future__ import annotations

from alembic import context

from ringfence.core.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
