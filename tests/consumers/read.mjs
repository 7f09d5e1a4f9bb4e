// SPDX-License-Identifier: MIT
// read.mjs CSV NDJSON: what DuckDB counts in both, as one line of JSON.
import { DuckDBInstance } from "@duckdb/node-api";

const [csv, ndjson] = process.argv.slice(2);
const db = await (await DuckDBInstance.create(":memory:")).connect();
const one = async (sql, ...values) => {
  const rows = (await db.runAndReadAll(sql, values)).getRowsJson();
  return rows.map((row) => row.map(String));
};
const from = `read_csv('${csv.replaceAll("'", "''")}', header = true)`;
console.log(JSON.stringify({
  columns: (await one(`describe select * from ${from}`)).map((row) => row[0]),
  csv: (await one(`select count(*), count(distinct host_key), count(*) filter (status = 'fail')
                   from ${from}`))[0],
  ndjson: (await one(`select count(*), count(distinct r.file), count(*) filter (r.rule.status = 'fail')
                      from (select source.path as file, unnest(rules) as rule
                            from read_json('${ndjson.replaceAll("'", "''")}')) r`))[0],
}));
