# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The TPM's exclusive device while another process holds it, as root sees it.
exec 3<>/dev/tpm0
vbscheck --tcti device:/dev/tpm0 --format json >report.json
echo $? >status
vbscheck --tcti device:/dev/tpm0 >report.txt
exec 3>&-
