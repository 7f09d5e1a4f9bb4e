# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The machine as root sees it: the report for programs, and that for people.
vbscheck --format json >report.json
echo $? >status
vbscheck -v >report.txt
vbscheck doctor --format json >doctor.json
vbscheck doctor >doctor.txt
