# SPDX-License-Identifier: MIT
<#
.SYNOPSIS
Collects what `vbscheck --from FOLDER` can judge, on a Windows PC.

.DESCRIPTION
Run it in Windows PowerShell 5 as administrator:

    powershell -ExecutionPolicy Bypass -File collect.ps1 [FOLDER]

It installs nothing and changes nothing. Serial numbers, licence keys (tables MSDM and SLIC) and
names of users and of the computer are not collected.

This script was written from Microsoft's documentation (GetSystemFirmwareTable,
GetFirmwareEnvironmentVariableEx, Win32_DeviceGuard, Win32_SystemDriver, Win32_Processor) and has
not been run by its authors. Report what goes wrong.
#>
param([string]$Folder = 'vbscheck-evidence')

$ErrorActionPreference = 'Continue'
if (Test-Path -LiteralPath $Folder) {
    Write-Error "$Folder exists already: give the name of a new folder"
    exit 2
}
$out = (New-Item -ItemType Directory -Path $Folder).FullName

Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;
public static class Firmware {
    [DllImport("kernel32.dll", SetLastError = true)]
    public static extern uint EnumSystemFirmwareTables(uint provider, byte[] buffer, uint size);
    [DllImport("kernel32.dll", SetLastError = true)]
    public static extern uint GetSystemFirmwareTable(uint provider, uint id, byte[] buffer, uint size);
    [DllImport("kernel32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
    public static extern uint GetFirmwareEnvironmentVariableEx(string name, string guid, byte[] buffer,
                                                               uint size, out uint attributes);
    [DllImport("ntdll.dll")]
    public static extern int RtlAdjustPrivilege(int privilege, bool enable, bool thread, out bool was);
}
'@

# Lines as vbscheck knows them, in ASCII.
function Save-Lines([string]$Name, [string[]]$Lines) {
    if ($Lines.Count -gt 0) {
        [IO.File]::WriteAllText((Join-Path $out $Name), (($Lines -join "`n") + "`n"))
    }
}

# ACPI tables, each as the firmware has it. The list names a signature once: of several tables of
# one signature Windows gives the first.
$acpi = 0x41435049
$size = [Firmware]::EnumSystemFirmwareTables($acpi, $null, 0)
$ids = New-Object byte[] $size
[void][Firmware]::EnumSystemFirmwareTables($acpi, $ids, $size)
$seen = @{}
for ($i = 0; $i + 4 -le $size; $i += 4) {
    $id = [BitConverter]::ToUInt32($ids, $i)
    $name = [Text.Encoding]::ASCII.GetString($ids, $i, 4)
    if ($seen[$name] -or $name -in 'MSDM', 'SLIC' -or $name -notmatch '^[A-Z0-9_!#]{4}$') { continue }
    $seen[$name] = $true
    $length = [Firmware]::GetSystemFirmwareTable($acpi, $id, $null, 0)
    if ($length -eq 0) { continue }
    $table = New-Object byte[] $length
    [void][Firmware]::GetSystemFirmwareTable($acpi, $id, $table, $length)
    [IO.File]::WriteAllBytes((Join-Path $out "$name.dat"), $table)
}

# EFI variables, as efivarfs shows them: four bytes of attributes, then the data.
$was = $false
[void][Firmware]::RtlAdjustPrivilege(22, $true, $false, [ref]$was) # SeSystemEnvironmentPrivilege
$variables = @{
    'SecureBoot'                        = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
    'SetupMode'                         = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
    'AuditMode'                         = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
    'DeployedMode'                      = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
    'MemoryOverwriteRequestControl'     = 'e20939be-32d4-41be-a150-897f85d49829'
    'MemoryOverwriteRequestControlLock' = 'bb983ccf-151d-40e1-a07b-4a17be168292'
}
foreach ($name in $variables.Keys) {
    $data = New-Object byte[] 64
    $attributes = [uint32]0
    $length = [Firmware]::GetFirmwareEnvironmentVariableEx($name, "{$($variables[$name])}", $data, 64,
                                                           [ref]$attributes)
    if ($length -eq 0 -or $length -gt 64) { continue }
    $file = [BitConverter]::GetBytes($attributes) + $data[0..($length - 1)]
    [IO.File]::WriteAllBytes((Join-Path $out "$name-$($variables[$name])"), [byte[]]$file)
}

# Names, as Linux shows them; nothing that tells one machine from its twin.
$system = Get-CimInstance Win32_ComputerSystem
$board = Get-CimInstance Win32_BaseBoard | Select-Object -First 1
$bios = Get-CimInstance Win32_BIOS
$id = '/sys/class/dmi/id'
$lines = @("${id}/sys_vendor:$($system.Manufacturer)", "${id}/product_name:$($system.Model)",
           "${id}/board_vendor:$($board.Manufacturer)", "${id}/board_name:$($board.Product)",
           "${id}/bios_version:$($bios.SMBIOSBIOSVersion)")
if ($bios.ReleaseDate) {
    $date = $bios.ReleaseDate.ToString('MM/dd/yyyy', [Globalization.CultureInfo]::InvariantCulture)
    $lines += "${id}/bios_date:$date"
}
Save-Lines 'names.txt' $lines

# What Windows itself says of virtualization-based security, of the processor and of the TPM.
Get-CimInstance -Namespace root\Microsoft\Windows\DeviceGuard -ClassName Win32_DeviceGuard `
    -ErrorAction SilentlyContinue |
    Format-List AvailableSecurityProperties, CodeIntegrityPolicyEnforcementStatus,
        RequiredSecurityProperties, SecurityServicesConfigured, SecurityServicesRunning,
        UsermodeCodeIntegrityPolicyEnforcementStatus, VirtualizationBasedSecurityStatus,
        Version |
    Out-File -Encoding utf8 -Width 400 (Join-Path $out 'Win32_DeviceGuard.txt')
Get-CimInstance Win32_Processor | Select-Object -First 1 |
    Format-List Name, Manufacturer, Caption, DataWidth, VirtualizationFirmwareEnabled,
        SecondLevelAddressTranslationExtensions, VMMonitorModeExtensions |
    Out-File -Encoding utf8 -Width 400 (Join-Path $out 'Win32_Processor.txt')
Get-CimInstance -Namespace root\cimv2\Security\MicrosoftTpm -ClassName Win32_Tpm `
    -ErrorAction SilentlyContinue | Format-List SpecVersion, IsEnabled_InitialValue |
    Out-File -Encoding utf8 -Width 400 (Join-Path $out 'Win32_Tpm.txt')

# Drivers, for `vbscheck drivers` beside the files themselves: names and paths, no users.
Get-CimInstance Win32_SystemDriver | Sort-Object Name |
    ForEach-Object { "$($_.Name)`t$($_.State)`t$($_.StartMode)`t$($_.PathName)" } |
    Out-File -Encoding utf8 -Width 400 (Join-Path $out 'drivers.txt')

Write-Host "$Folder is ready: vbscheck --from $Folder"
