# SPDX-License-Identifier: MIT
# Made by scripts/completions from the program's tables.
_vbscheck() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb=scan words
    case ${COMP_WORDS[1]} in
    scan | capture | drivers | diff | summary | list | doctor | mor-test | explain | help) verb=${COMP_WORDS[1]} ;;
    esac
    case $prev in
    --baseline | --blocklist | --drivers | --from | --from-list | --labels | --output | --resume | --root | --windows) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
    --color) words="auto always never" verb=value ;;
    --fail-on) words="required recommended info" verb=value ;;
    --format) words="text json ndjson markdown html csv junit sarif prometheus" verb=value ;;
    --only) words="cpu iommu tpm smm uefi mor drivers vm boot secured memory storage amd cpu.64bit cpu.virtualization cpu.slat cpu.mbec iommu.present iommu.translation iommu.coverage iommu.dma-opt-in tpm.version tpm.sha256-bank smm.wsmt uefi.boot uefi.mat uefi.mat-coverage uefi.mat-layout uefi.page-protection mor.control mor.lock mor.lock-v2 drivers.hvci drivers.blocklist drivers.windows-log vm.nested vm.series boot.secure-boot secured.hsti cpu.recent memory.size storage.ssd storage.size iommu.dma-arm vm.metal amd.fused amd.debug-lock amd.memory-encryption amd.anti-rollback amd.spi-protection secured.smm-isolation secured.secure-launch secured.standby secured.sign-in" verb=value ;;
    --profile) words="vbs vbs-2017 vbs-current readiness-tool memory-integrity-default credential-guard kernel-dma-protection secured-core-pc strict" verb=value ;;
    --require) words="cpu.64bit cpu.virtualization cpu.slat cpu.mbec iommu.present iommu.translation iommu.coverage iommu.dma-opt-in tpm.version tpm.sha256-bank smm.wsmt uefi.boot uefi.mat uefi.mat-coverage uefi.mat-layout uefi.page-protection mor.control mor.lock mor.lock-v2 drivers.hvci drivers.blocklist drivers.windows-log vm.nested vm.series boot.secure-boot secured.hsti cpu.recent memory.size storage.ssd storage.size iommu.dma-arm vm.metal amd.fused amd.debug-lock amd.memory-encryption amd.anti-rollback amd.spi-protection secured.smm-isolation secured.secure-launch secured.standby secured.sign-in" verb=value ;;
    --tcti) words="device:/dev/tpmrm0" verb=value ;;
    *)
        case $verb in
        scan) words="--from --from-list --null --resume --root --tcti --profile --require --skip --format --output --drivers --windows --blocklist --digests --arch --jobs --label --labels --only --fail-on --baseline --exit-zero --quiet --verbose --color --azure-size --azure-imds --help --version scan capture drivers diff summary list doctor mor-test explain help" ;;
        capture) words="--from --root --tcti --output --windows --blocklist --arch --label --help --version" ;;
        drivers) words="--format --output --blocklist --digests --arch --jobs --exit-zero --quiet --verbose --color --help --version" ;;
        diff) words="--format --output --color --help --version" ;;
        summary) words="--format --output --color --help --version" ;;
        list) words="--profile --format --help --version rules facts sources formats profiles" ;;
        doctor) words="--format --help --version" ;;
        mor-test) words="--yes --allow-vm --help --version" ;;
        explain) words="--help --version cpu.64bit cpu.virtualization cpu.slat cpu.mbec iommu.present iommu.translation iommu.coverage iommu.dma-opt-in tpm.version tpm.sha256-bank smm.wsmt uefi.boot uefi.mat uefi.mat-coverage uefi.mat-layout uefi.page-protection mor.control mor.lock mor.lock-v2 drivers.hvci drivers.blocklist drivers.windows-log vm.nested vm.series boot.secure-boot secured.hsti cpu.recent memory.size storage.ssd storage.size iommu.dma-arm vm.metal amd.fused amd.debug-lock amd.memory-encryption amd.anti-rollback amd.spi-protection secured.smm-isolation secured.secure-launch secured.standby secured.sign-in" ;;
        help) words="scan capture drivers diff summary list doctor mor-test explain" ;;
        esac
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    [ "$verb" = scan ] && mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$cur")
    return 0
}
complete -o filenames -F _vbscheck vbscheck
