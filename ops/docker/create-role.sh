#!/bin/sh
# Run once by the image of PostgreSQL, when it sets the database up: WebMetrics gets a role that may use and own its database,
# and make others for the restore drill, but is no superuser. The superuser then signs in on the server's own socket only:
#   docker compose exec postgres psql --username postgres
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set=password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE webmetrics LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE webmetrics OWNER webmetrics;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
