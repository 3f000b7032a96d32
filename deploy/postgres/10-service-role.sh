#!/bin/sh
# The role that services come in as: row-level security binds it. `tandem migrate` makes the databases and grants it its work.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$SERVICE_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE tandem_service LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
SQL
