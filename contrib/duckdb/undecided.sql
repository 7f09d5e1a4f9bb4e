-- SPDX-License-Identifier: MIT
-- Which rule is undecided most, and why?
select rule_id, reason, count(distinct host_key) as hosts
from rules where status = 'unknown' group by all order by hosts desc, rule_id, reason;
