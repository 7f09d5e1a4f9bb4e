-- SPDX-License-Identifier: MIT
-- Two views of a fleet's reports, for the questions beside this file:
--     vbscheck --format ndjson captures/ > fleet.ndjson
--     duckdb -c ".read contrib/duckdb/tables.sql" -c ".read contrib/duckdb/models.sql"
-- The columns are given, not inferred: reports of any version fit, keys that they lack are null,
-- new ones are left out. A host is known by its label `host`, else by its path: live scans need
-- the label (`--label host=4711`), or they count as one host. A cut last line is skipped
-- (and nothing else of the file).
create or replace view reports as
select coalesce(host.labels->>'host', source.path, 'unknown') as host_key, *
from read_json('fleet.ndjson', format = 'newline_delimited', ignore_errors = true, columns = {
  source: 'STRUCT(kind VARCHAR, path VARCHAR, collected_at VARCHAR)',
  host: 'STRUCT(vendor VARCHAR, product VARCHAR, firmware_version VARCHAR, firmware_date_iso VARCHAR, labels JSON)',
  profile: 'JSON', verdict: 'VARCHAR', facts: 'JSON',
  rules: 'STRUCT(id VARCHAR, "row" VARCHAR, level VARCHAR, status VARCHAR, reason VARCHAR, cause VARCHAR, message VARCHAR)[]',
  fixes: 'STRUCT(action VARCHAR, text VARCHAR, certain BOOLEAN, needed BOOLEAN, rules VARCHAR[])[]'})
where verdict is not null;

create or replace view rules as
select host_key, host.vendor as vendor, host.product as product,
       host.firmware_version as firmware_version, verdict, rule.id as rule_id, rule.level as level,
       rule.status as status, rule.reason as reason, rule.cause as cause
from (select host_key, host, verdict, unnest(rules) as rule from reports);
