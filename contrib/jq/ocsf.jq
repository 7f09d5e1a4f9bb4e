# SPDX-License-Identifier: MIT
# One Compliance Finding of OCSF (class 2003) for each host and rule that applies:
#     vbscheck --format ndjson captures/ | jq -c -f contrib/jq/ocsf.jq
# OCSF's status 2, Warning, is "no result due to missing information": what we call unknown.
def state: {"pass": {id: 1, name: "Pass"}, "fail": {id: 3, name: "Fail"}}[.]
           // {id: 2, name: "Warning"};
def severity: if .status != "fail" then {id: 1, name: "Informational"}
              else {"required": {id: 4, name: "High"}, "recommended": {id: 3, name: "Medium"}}[.level]
                   // {id: 2, name: "Low"} end;
def stamp: sub("\\.[0-9]+"; "") | fromdate;

. as $report | .rules[] | select(.status != "not-applicable")
| (.status | state) as $state | severity as $severity | {
  activity_id: 1, activity_name: "Create",
  category_uid: 2, category_name: "Findings",
  class_uid: 2003, class_name: "Compliance Finding",
  type_uid: 200301, type_name: "Compliance Finding: Create",
  time: ((($report.source.collected_at | values | stamp) // now) * 1000 | floor),
  severity_id: $severity.id, severity: $severity.name,
  message: .message,
  metadata: {version: "1.3.0",
             product: {name: "vbscheck", vendor_name: "vbscheck", version: $report.tool.version}},
  finding_info: {uid: "\($report.host.labels.host // $report.source.path // "live")/\(.id)", title: .title},
  compliance: {standards: ["Microsoft: hardware for virtualization-based security"],
               control: .id, requirements: [.row], status: $state.name, status_id: $state.id,
               status_detail: (.reason // .cause // .status)},
  resources: [{uid: ($report.host.labels.host // $report.source.path // "live"), type: "host",
               data: {vendor: $report.host.vendor, product: $report.host.product,
                      firmware_version: $report.host.firmware_version,
                      labels: $report.host.labels}}],
  remediation: (if .remediation then {desc: .remediation} else null end)
} | del(.remediation | nulls)
