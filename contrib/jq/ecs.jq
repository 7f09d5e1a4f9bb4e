# SPDX-License-Identifier: MIT
# One event of the Elastic Common Schema for each host and rule:
#     vbscheck --format ndjson captures/ | jq -c -f contrib/jq/ecs.jq
# Facts have dots in their names: map vbscheck.facts as `flattened` if you add them.
def outcome: {"pass": "success", "fail": "failure"}[.] // "unknown";

. as $report | .rules[] | {
  "@timestamp": ($report.source.collected_at // (now | todate)),
  ecs: {version: "8.11.0"},
  event: {kind: "state", category: ["configuration"], type: ["info"], outcome: (.status | outcome),
          dataset: "vbscheck.rules"},
  host: ({architecture: $report.host.arch, os: {kernel: $report.host.kernel}}
         | del(.architecture | nulls) | if .os.kernel == null then del(.os) else . end),
  labels: $report.host.labels,
  observer: {product: "vbscheck", version: $report.tool.version},
  rule: {id: .id, name: .title, category: .row},
  message: .message,
  vbscheck: {path: $report.source.path, vendor: $report.host.vendor,
             product: $report.host.product, firmware_version: $report.host.firmware_version,
             verdict: $report.verdict, level: .level, status: .status, reason: .reason,
             cause: .cause}
}
