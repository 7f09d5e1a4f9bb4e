-- SPDX-License-Identifier: MIT
-- Which hosts got worse since before.csv? Both files are of `--format csv`; a rule that only one
-- of them has, as of another version, is not compared.
select now.host_key as host_key, now.rule as rule_id, old.status as was, now.status as is_now,
       now.reason as reason
from read_csv('fleet.csv', header = true, all_varchar = true, ignore_errors = true, null_padding = true) as now
join read_csv('before.csv', header = true, all_varchar = true, ignore_errors = true, null_padding = true) as old
  on now.host_key = old.host_key and now.rule = old.rule
where old.status = 'pass' and now.status in ('fail', 'unknown')
order by host_key, rule_id;
