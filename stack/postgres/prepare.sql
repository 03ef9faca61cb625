-- Creates the owner, its database, the roles and a login for each program. Run by a superuser; it can be repeated.
-- Each run sets the passwords from the environment again, which also changes them.
\set ON_ERROR_STOP on
\getenv owner_password DB_OWNER_PASSWORD
\getenv chat_password DB_CHAT_PASSWORD
\getenv worker_password DB_WORKER_PASSWORD
\getenv grafana_password DB_GRAFANA_PASSWORD
\getenv exporter_password DB_EXPORTER_PASSWORD

-- Otherwise the server would log failing statements with their passwords.
set log_min_error_statement = panic;
set log_statement = 'none';
-- Hides notices about existing objects.
set client_min_messages = warning;

select format('create role %I nologin', needed)
from unnest(array['rag_app', 'rag_recorder', 'rag_worker', 'rag_auditor', 'grafana_reader']) as needed
where needed not in (select rolname from pg_roles) \gexec

-- `noinherit`: a program has the privileges of a role only after `set role`. Grafana and the exporter do not use `set role`.
select format('create role %I login nosuperuser nocreatedb nocreaterole', needed)
from unnest(array['rag_owner', 'rag_chat_login', 'rag_worker_login', 'rag_grafana_login', 'rag_exporter_login']) as needed
where needed not in (select rolname from pg_roles) \gexec

alter role rag_owner password :'owner_password';
alter role rag_chat_login noinherit password :'chat_password';
alter role rag_worker_login noinherit password :'worker_password';
alter role rag_grafana_login connection limit 10 password :'grafana_password';
alter role rag_exporter_login connection limit 5 password :'exporter_password';

alter role rag_grafana_login set default_transaction_read_only = on;
alter role rag_grafana_login set statement_timeout = '15s';
alter role rag_grafana_login set idle_in_transaction_session_timeout = '15s';
alter role rag_grafana_login set search_path = reporting;

grant rag_app, rag_recorder, rag_worker, rag_auditor to rag_owner with set true, inherit false;
grant rag_app, rag_recorder, rag_auditor to rag_chat_login with set true, inherit false;
grant rag_worker to rag_worker_login with set true, inherit false;
grant grafana_reader to rag_grafana_login;
grant pg_monitor to rag_exporter_login;

select 'create database rag owner rag_owner'
where not exists (select from pg_database where datname = 'rag') \gexec
revoke connect on database rag from public;
grant connect on database rag to rag_chat_login, rag_worker_login, rag_grafana_login, rag_exporter_login;

-- The slowest statements, for the database dashboard. Other servers may lack the extension or not load it: the panel is empty then.
\connect rag
set client_min_messages = warning;
create schema if not exists monitoring;
grant usage on schema monitoring to rag_owner;
grant pg_read_all_stats to rag_owner;
select 'create extension if not exists pg_stat_statements schema monitoring'
where exists (select from pg_available_extensions where name = 'pg_stat_statements') \gexec
