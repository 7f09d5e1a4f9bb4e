# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The machine as an ordinary user sees it.
su user -c 'vbscheck --format json' >report.json
echo $? >status
su user -c 'vbscheck -v' >report.txt
su user -c 'vbscheck doctor --format json' >doctor.json
su user -c 'vbscheck doctor' >doctor.txt
