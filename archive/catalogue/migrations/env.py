"""What Alembic runs around a step: always on the connection that `schema` hands over."""

from alembic import context

from archive.catalogue.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by making it again
    user_module_prefix="types.",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
