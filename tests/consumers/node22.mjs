// SPDX-License-Identifier: MIT
// What gitlab-ci-local needs of Node 22, for Debian's 18 to 20: node --import ./node22.mjs
Set.prototype.union ??= function (other) {
  return new Set([...this, ...other]);
};
