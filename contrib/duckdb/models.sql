-- SPDX-License-Identifier: MIT
-- Which models are ready, and which are not?
select host.vendor as vendor, host.product as product, count(*) as hosts,
       count(*) filter (verdict = 'ready') as ready,
       count(*) filter (verdict = 'not-ready') as not_ready,
       count(*) filter (verdict = 'undetermined') as undetermined
from reports group by all order by not_ready desc, hosts desc, vendor, product;
