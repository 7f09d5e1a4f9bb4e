// SPDX-License-Identifier: MIT
// ask.mjs FILE.sql...: runs the statements of each file in the current folder; prints the rows of
// the last statement of each as one line of JSON.
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const db = await (await DuckDBInstance.create(":memory:")).connect();
for (const file of process.argv.slice(2)) {
  const found = await db.runAndReadAll(readFileSync(file, "utf8"));
  console.log(JSON.stringify(found.getRowObjectsJson()));
}
