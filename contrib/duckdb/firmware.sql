-- SPDX-License-Identifier: MIT
-- Which versions of firmware fail which required rules? One model with two versions of which only
-- one fails is a machine that an update helps.
select vendor, product, firmware_version, rule_id, count(distinct host_key) as hosts
from rules where status = 'fail' and level = 'required'
group by all order by hosts desc, vendor, product, firmware_version, rule_id;
