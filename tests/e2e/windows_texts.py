# SPDX-License-Identifier: MIT
"""Texts as Windows prints them, of machines that are made up or that people published."""

NAMES = {1: "Base Virtualization Support", 2: "Secure Boot", 3: "DMA Protection",
         4: "Secure Memory Overwrite", 5: "UEFI Code Readonly", 6: "SMM Security Mitigations 1.0",
         7: "Mode Based Execution Control", 8: "APIC Virtualization"}
SERVICES = {1: "Credential Guard", 2: "Hypervisor enforced Code Integrity", 3: "Secure Launch",
            4: "SMM Firmware Measurement", 5: "Kernel-mode Hardware-enforced Stack Protection",
            7: "Hypervisor-Enforced Paging Translation"}
VBS = "Virtualization-based security"
SECRETS = ("SECRETHOST", "secretuser", "10.9.8.7", "secret.example")


def utf16(text):
    """As `msinfo32 /report` writes it."""
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


def words(numbers, names=NAMES):
    return ", ".join(names[n] for n in numbers)


def msinfo32(available, maker="LENOVO", model="83LU", arch="x64", cpu="Intel(R) Core(TM) i7-8700K CPU "
             "@ 3.70GHz", secure_boot="On", dma=None, vbs="Running", running=(2,), mode="UEFI"):
    rows = [("OS Name", "Microsoft Windows 11 Pro"), ("Version", "10.0.26100 Build 26100"),
            ("Other OS Description ", "Not Available"), ("OS Manufacturer", "Microsoft Corporation"),
            ("System Name", "SECRETHOST"), ("System Manufacturer", maker), ("System Model", model),
            ("System Type", f"{arch}-based PC"), ("System SKU", "SKU"),
            ("Processor", f"{cpu}, 3696 Mhz, 6 Core(s), 12 Logical Processor(s)"),
            ("BIOS Version/Date", "Maker 1.2.3, 7/13/2021"), ("SMBIOS Version", "3.0"),
            ("BIOS Mode", mode), ("BaseBoard Product", "Board 1"), ("Secure Boot State", secure_boot),
            ("PCR7 Configuration", "Elevation Required to View"),
            ("Windows Directory", "C:\\WINDOWS"), ("User Name", "SECRETHOST\\secretuser")]
    if dma:
        rows.append(("Kernel DMA Protection", dma))
    rows.append((VBS, vbs))
    if available is not None:
        rows += [(f"{VBS} Required Security Properties", ""),
                 (f"{VBS} Available Security Properties", words(available)),
                 (f"{VBS} Services Configured", words(running, SERVICES)),
                 (f"{VBS} Services Running", words(running, SERVICES))]
    rows.append(("A hypervisor has been detected. Features required for Hyper-V will not be "
                 "displayed.", ""))
    head = "System Information report written at: 11/02/26 10:00:00\nSystem Name: SECRETHOST\n" \
           "[System Summary]\n\nItem\tValue\t\n"
    return head + "".join(f"{k}\t{v}\n" for k, v in rows)


def device_guard(available, cut=False, running=(2,), status=2):
    shown = available[:4] if cut else available
    inside = ", ".join(map(str, shown)) + ("..." if cut else "")
    return (f"\nAvailableSecurityProperties                  : {{{inside}}}\n"
            "CodeIntegrityPolicyEnforcementStatus         : 2\n"
            "InstanceIdentifier                           : 4ff40742-2649-41b8-bdd1-e80fad1cce80\n"
            "RequiredSecurityProperties                   : {0}\n"
            f"SecurityServicesConfigured                   : {{{', '.join(map(str, running))}}}\n"
            f"SecurityServicesRunning                      : {{{', '.join(map(str, running))}}}\n"
            "UsermodeCodeIntegrityPolicyEnforcementStatus : 0\n"
            "Version                                      : 1.0\n"
            f"VirtualizationBasedSecurityStatus            : {status}\n"
            "PSComputerName                               : SECRETHOST\n")


def systeminfo(available, maker="Acer", model="TravelMate TMP215-75-G2", running=(2,)):
    pad = " " * 31
    lines = ["", "Host Name:                     SECRETHOST",
             "OS Name:                       Microsoft Windows 11 Pro",
             "OS Version:                    10.0.26100 N/A Build 26100",
             "Registered Owner:              secretuser",
             f"System Manufacturer:           {maker}", f"System Model:                  {model}",
             "System Type:                   x64-based PC",
             "Domain:                        secret.example",
             "Network Card(s):               1 NIC(s) Installed.",
             pad + "[01]: Intel(R) Ethernet Connection (17) I219-LM",
             pad + "      [01]: 10.9.8.7", f"{VBS}: Status: Running",
             pad + "Required Security Properties:", pad + "      " + NAMES[1],
             pad + "Available Security Properties:"]
    lines += [pad + "      " + NAMES[n] for n in available]
    lines += [pad + "Services Configured:"] + [pad + "      " + SERVICES[n] for n in running]
    lines += [pad + "Services Running:"] + [pad + "      " + SERVICES[n] for n in running]
    lines += [pad + "App Control for Business policy: Enforced",
              pad + "Security Features Enabled:",
              "Hyper-V Requirements:          A hypervisor has been detected."]
    return "\n".join(lines) + "\n"


# VBS and its four rows in other languages, and the rows before them.
LOCALES = {
    "german": ("Systemhersteller", "Systemmodell", "Systemtyp", "x64-basierter PC",
               "Virtualisierungsbasierte Sicherheit",
               ["{} – Erforderliche Sicherheitseigenschaften",
                "{} – Verfügbare Sicherheitseigenschaften", "{} – Konfigurierte Dienste",
                "{} – Ausgeführte Dienste"],
               ["Allgemeine Virtualisierungsunterstützung", "Sicherer Start", "DMA-Schutz", "-",
                "UEFI-Code schreibgeschützt", "SMM-Sicherheitsmaßnahmen 1.0",
                "Modusbasierte Ausführungssteuerung", "APIC-Virtualisierung"]),
    "french": ("Fabricant", "Modèle", "Type", "PC à base de x64",
               "Sécurité basée sur la virtualisation",
               ["{} - Propriétés de sécurité requises", "{} - Propriétés de sécurité disponibles",
                "{} - Services configurés", "{} - Services en cours d’exécution"],
               ["Prise en charge de la virtualisation de base", "Démarrage sécurisé",
                "Protection DMA", "-", "Code UEFI en lecture seule",
                "Atténuations de sécurité SMM 1.0", "Contrôle d’exécution basé sur le mode",
                "Virtualisation APIC"]),
    "russian": ("Изготовитель", "Модель", "Тип", "Компьютер на базе x64",
                "Безопасность на основе виртуализации",
                ["{}: требуемые свойства безопасности", "{}: доступные свойства безопасности",
                 "{}: настроенные службы", "{}: работающие службы"],
                ["Базовая поддержка виртуализации", "Безопасная загрузка", "Защита DMA", "-",
                 "Код UEFI только для чтения", "Меры безопасности SMM 1.0",
                 "Управление выполнением на основе режима", "Виртуализация APIC"]),
    "chinese": ("系统制造商", "系统型号", "系统类型", "基于 x64 的电脑", "基于虚拟化的安全性",
                ["{}所需安全属性", "{}可用安全属性", "{}已配置服务", "{}正在运行的服务"],
                ["基本虚拟化支持", "安全启动", "DMA 保护", "-", "UEFI 代码只读", "SMM 安全缓解措施 1.0",
                 "基于模式的执行控制", "APIC 虚拟化"]),
    "japanese": ("システム製造元", "システム モデル", "システムの種類", "x64-ベース PC",
                 "仮想化ベースのセキュリティ",
                 ["{} 必須のセキュリティ プロパティ", "{} 利用可能なセキュリティ プロパティ",
                  "{} 構成済みのサービス", "{} 実行中のサービス"],
                 ["基本的な仮想化サポート", "セキュア ブート", "DMA 保護", "-", "UEFI コードの読み取り専用",
                  "SMM のセキュリティ軽減策 1.0", "モード ベースの実行制御", "APIC 仮想化"]),
}


def localised(language, available):
    maker, model, kind, pc, vbs, rows, names = LOCALES[language]
    text = "".join(f"{k}\t{v}\n" for k, v in (
        ("Version", "10.0.22631 Build 22631"), ("Name", "SECRETHOST"), (maker, "Dell Inc."),
        (model, "Latitude 7440"), (kind, pc), (vbs, "x")))
    values = ("", ", ".join(names[n - 1] for n in available), "x", "x")
    return text + "".join(f"{row.format(vbs)}\t{value}\n" for row, value in zip(rows, values)) + \
        "Etc\tSECRETHOST\\secretuser\n"
