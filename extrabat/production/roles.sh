#!/bin/sh
# Run once by the image of PostgreSQL on a new volume: the tables' owner, the program's role, the database.

secret() {
    # An empty password would let anybody in.
    [ -s "$1" ] || { echo "roles.sh: $1 is missing or empty" >&2; exit 1; }
    cat "$1"
}

# In a shell of its own: the image's script reads this file into itself where it may not be executed.
make_roles() (
set -eu
OWNER_PASSWORD=$(secret "${OWNER_PASSWORD_FILE:?}")
APP_PASSWORD=$(secret "${APP_PASSWORD_FILE:?}")
export OWNER_PASSWORD APP_PASSWORD

# Read from the environment by psql itself: an argument would show in the list of processes.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
SET password_encryption = 'scram-sha-256';
CREATE ROLE extrabat_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE extrabat_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE DATABASE extrabat OWNER extrabat_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE extrabat FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE extrabat TO extrabat_app;
\connect extrabat
ALTER SCHEMA public OWNER TO extrabat_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
SQL
)

make_roles
