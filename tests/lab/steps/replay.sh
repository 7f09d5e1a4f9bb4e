# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# A capture of the machine, and what is made of it.
vbscheck capture --output capture.tar.gz 2>denied
vbscheck --from capture.tar.gz --format json >report.json
echo $? >status
