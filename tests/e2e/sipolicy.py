# SPDX-License-Identifier: MIT
"""Block policies in both forms, made from one description: what a test denies."""
import struct
from xml.sax.saxutils import quoteattr

from catalogs import der

NONE = (0, 0, 0, 0)
ANY = (65535, 65535, 65535, 65535)


def rule(kind="deny", hash="", name="", internal="", product="", low=NONE, high=ANY, package="",
         app=""):
    return dict(kind=kind, hash=hash, name=name, internal=internal, product=product, low=low,
                high=high, package=package, app=app)


def signer(tbs, publisher="", oem="", attributes=(), exceptions=(), eku=False, issuer="", after=0):
    """`exceptions`: rules of kind "allow" whose files are not denied."""
    return dict(tbs=tbs, publisher=publisher, oem=oem, attributes=attributes,
                exceptions=exceptions, eku=eku, issuer=issuer, after=after)


ELEMENTS = {"deny": "Deny", "allow": "Allow", "attrib": "FileAttrib"}


def _version(v):
    return ".".join(map(str, v))


def xml(rules=(), signers=(), scenario=131, inherits=False, allows=False):
    """`allows`: the signers are allowed, and not denied."""
    def attributes(**named):
        return "".join(f" {k}={quoteattr(v)}" for k, v in named.items() if v)

    files = "".join(
        f"<{ELEMENTS[r['kind']]}" + attributes(
            ID=f"R{i}", Hash=r["hash"], FileName=r["name"], InternalName=r["internal"],
            ProductName=r["product"], MinimumFileVersion=_version(r["low"]),
            MaximumFileVersion=_version(r["high"]), PackageFamilyName=r["package"],
            AppIDs=r["app"]) + "/>" for i, r in enumerate(rules))
    people = "".join(
        f'<Signer ID="S{i}" Name="x"'
        + (' SignTimeAfter="2026-01-01T00:00:00Z"' if s["after"] else "")
        + f'><CertRoot Type="TBS" Value="{s["tbs"].upper()}"/>'
        + ('<CertEKU ID="E"/>' if s["eku"] else "")
        + (f"<CertIssuer{attributes(Value=s['issuer'])}/>" if s["issuer"] else "")
        + (f"<CertPublisher{attributes(Value=s['publisher'])}/>" if s["publisher"] else "")
        + (f"<CertOemID{attributes(Value=s['oem'])}/>" if s["oem"] else "")
        + "".join(f'<FileAttribRef RuleID="R{a}"/>' for a in s["attributes"]) + "</Signer>"
        for i, s in enumerate(signers))
    how = "Allowed" if allows else "Denied"
    denied = "".join(
        f'<{how}Signer SignerId="S{i}">'
        + "".join(f'<ExceptAllowRule AllowRuleID="R{e}"/>' for e in s["exceptions"])
        + f"</{how}Signer>" for i, s in enumerate(signers))
    more = ' InheritedScenarios="Y"' if inherits else ""
    refs = "".join(f'<FileRuleRef RuleID="R{i}"/>' for i, r in enumerate(rules)
                   if r["kind"] == "deny")
    return ('<?xml version="1.0" encoding="utf-8"?><SiPolicy xmlns="urn:schemas-microsoft-com:'
            f'sipolicy"><VersionEx>1.0.0.0</VersionEx><FileRules>{files}</FileRules><Signers>'
            f'{people}</Signers><SigningScenarios><SigningScenario Value="{scenario}" ID="X"{more}>'
            f"<ProductSigners><{how}Signers>{denied}</{how}Signers><FileRulesRef>{refs}"
            "</FileRulesRef></ProductSigners></SigningScenario></SigningScenarios></SiPolicy>"
            ).encode()


def _u32(*values):
    return struct.pack(f"<{len(values)}I", *values)


def _blob(data):
    return _u32(len(data)) + data + bytes(-len(data) % 4)


def _text(text):
    return _blob(text.encode("utf-16-le")) + _u32(0)


def _ver(v):
    return struct.pack("<4H", *reversed(v))


def _list(values):
    return _u32(len(values), *values)


def binary(rules=(), signers=(), scenario=131, form=7, inherits=False, allows=False, audit=False):
    out = _u32(form) + bytes(32) + _u32(0x80010000 if audit else 0x80000000, 0, len(rules), len(signers), 1)
    out += _ver((1, 0, 0, 0)) + _u32(0x40)
    for r in rules:
        out += _u32(list(ELEMENTS).index(r["kind"])) + _text(r["name"]) + _ver(r["low"])
        out += _blob(bytes.fromhex(r["hash"]))
    for s in signers:
        out += _u32(0) + _blob(bytes.fromhex(s["tbs"])) + _list([0] if s["eku"] else [])
        out += _text(s["issuer"])
        out += _text(s["publisher"]) + _text(s["oem"]) + _list(list(s["attributes"]))
    out += _list([]) + _list([]) + _u32(scenario) + _list([0] if inherits else []) + _u32(0x800C)
    denies = [i for i, r in enumerate(rules) if r["kind"] == "deny"]
    for part in range(3):
        people = _u32(len(signers)) + b"".join(_u32(i) + _list(list(s["exceptions"]))
                                               for i, s in enumerate(signers))
        sides = (people, _u32(0)) if allows else (_u32(0), people)
        out += b"".join(sides) if part == 0 else _u32(0, 0)
        out += _list(denies if part == 0 else [])
    out += _u32(0) + _u32(0)
    out += _u32(3) + b"".join(_ver(r["high"]) + (_u32(1) + _text(r["app"]) if r["app"] else _u32(0))
                              for r in rules)
    out += b"".join(struct.pack("<Q", s["after"]) for s in signers)
    out += _u32(4) + b"".join(_text(r["internal"]) + _text("") + _text(r["product"])
                              for r in rules)
    out += _u32(5) + b"".join(_text(r["package"]) + _ver(NONE) for r in rules)
    out += _u32(6) + bytes(32) + _list([])
    out += _u32(7) + b"".join(_text("") for r in rules)
    return out + _u32(form + 1)


def signed(policy):
    """The same inside PKCS#7 signed data, without a signer."""
    data = bytes.fromhex("2a864886f70d010702")
    kind = bytes.fromhex("2b0601040182374f01")
    return der(0x30, der(6, data), der(0xa0, der(
        0x30, der(2, b"\1"), der(0x31), der(0x30, der(6, kind), der(0xa0, der(4, policy))),
        der(0x31))))
