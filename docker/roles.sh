#!/bin/sh
# Once, when the database is new. The owner migrates; kaitei_app runs the programs and owns nothing,
# so it can neither drop a trigger of the evidence tables nor truncate one. kaitei_public runs the
# citizens' pages; what it may do, migrate gives it (revisions/public_comment/grants.py).
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner="$POSTGRES_USER" --set password="$APP_DB_PASSWORD" \
  --set public_password="$PUBLIC_DB_PASSWORD" <<'SQL'
CREATE ROLE kaitei_app LOGIN PASSWORD :'password';
CREATE ROLE kaitei_public LOGIN PASSWORD :'public_password';
GRANT USAGE ON SCHEMA public TO kaitei_app, kaitei_public;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kaitei_app;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO kaitei_app;
SQL
