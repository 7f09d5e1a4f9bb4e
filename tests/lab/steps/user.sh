# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The machine as an ordinary user sees it.
su lab -c 'vbscheck --format json' >report.json
echo $? >status
su lab -c 'vbscheck -v' >report.txt
