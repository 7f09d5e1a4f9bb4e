-- SPDX-License-Identifier: MIT
-- Which fix helps most? `enough` counts the hosts where it is the only step that is needed.
with steps as (
  select host_key, len(list_filter(fixes, lambda f: f.needed)) as needed_steps, unnest(fixes) as fix
  from reports)
select fix.action as action, fix.text as step, count(distinct host_key) as hosts,
       count(distinct host_key) filter (needed_steps = 1) as enough
from steps where fix.needed group by all order by enough desc, hosts desc, action, step;
