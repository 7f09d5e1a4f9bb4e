# SPDX-License-Identifier: MIT
"""--blocklist and --digests: drivers signed here, by themselves and by catalogs."""
import hashlib
import os
import subprocess
import zipfile

import catalogs
import sipolicy
from driver_files import RWX, driver, drivers
from harness import Case, check_trouble, main, need_tool, parse, run


class Policies(Case):
    """Each kind of rule, in each form of a policy, denies its file and not its neighbour."""

    def setUp(self):
        super().setUp()
        tools = [need_tool("openssl"), need_tool("osslsigncode")]
        self.openssl, self.osslsigncode = tools
        self.make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                  "ca.pem", "-subj", "/CN=Test root", "-days", "36500")
        for name in ("one", "two"):
            self.make("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                      f"{name}.csr", "-subj", f"/CN=Maker {name}")
            self.make("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                      "-CAcreateserial", "-out", f"{name}.pem", "-days", "36500", "-sha256")
            (self.dir / f"{name}.chain").write_bytes(
                (self.dir / f"{name}.pem").read_bytes() + (self.dir / "ca.pem").read_bytes())
        (self.dir / "plain.sys").write_bytes(driver())
        self.sign("plain.sys", "once.sys", "one", "-n", "Program one")
        self.sign("once.sys", "twice.sys", "two", "-nest", "-n", "Program two")

    def make(self, *args):
        subprocess.run([self.openssl, *args], cwd=self.dir, check=True, capture_output=True)

    def sign(self, source, target, who, *more):
        subprocess.run([self.osslsigncode, "sign", "-certs", f"{who}.chain", "-key", f"{who}.key",
                        "-h", "sha256", *more, "-in", source, "-out", target], cwd=self.dir,
                       check=True, capture_output=True)

    def look(self, name, *args, status=0):
        return drivers(str(self.dir / name), *args, status=status)["drivers"][0]

    def denied(self, name, rules=(), signers=(), beside=(), **more):
        """Whether the rules deny a file, the same in all forms; None where that is undecided."""
        answers = []
        for form, data in (("xml", sipolicy.xml(rules, signers, **more)),
                           ("bin", sipolicy.binary(rules, signers, **more)),
                           ("p7b", sipolicy.signed(sipolicy.binary(rules, signers, **more)))):
            path = self.file(f"policy.{form}", data)
            r = run("drivers", "--format", "json", "--blocklist", str(path),
                    *(str(self.dir / n) for n in (name, *beside)), ok=(0, 1, 3))
            found = parse(r.out)["drivers"][0]["denied_by"]
            self.assertEqual(bool(found), r.status == 1)
            answers.append(None if r.status == 3 else bool(found))
        self.assertEqual(1, len(set(answers)), answers)
        return answers[0]

    def test_digests_and_signers_are_what_osslsigncode_says(self):
        for name, signers in (("once.sys", "Maker one"), ("twice.sys", "Maker one | Maker two")):
            d = self.look(name, "--digests")
            self.assertEqual((signers, "match"), (d["signers"], d["signatures"]))
            said = subprocess.run([self.osslsigncode, "verify", "-in", name], cwd=self.dir,
                                  capture_output=True, text=True).stdout
            self.assertIn(d["authentihash_sha256"].upper(), said)

    def test_a_driver_changed_since_it_was_signed_is_a_finding_and_no_violation(self):
        data = bytearray((self.dir / "once.sys").read_bytes())
        data[0x410] ^= 1
        self.file("changed.sys", bytes(data))
        d = self.look("changed.sys", "--digests")
        self.assertEqual(("clean", "differ"), (d["result"], d["signatures"]))
        self.assertIn("changed since", d["message"])

    def test_each_rule_says_its_own_of_a_driver(self):
        self.file("bad.sys", driver(section=2, flags=RWX))
        policy = self.file("policy.xml", sipolicy.xml([sipolicy.rule(name="made.sys")]))
        report = drivers("--blocklist", str(policy), str(self.dir / "bad.sys"), status=1)
        found = {f["rule"]: f["message"] for f in report["findings"]}
        self.assertRegex(found["drivers.hvci"], "^section is writable and executable: [^;]*$")
        self.assertRegex(found["drivers.blocklist"], "^denied by the block policy: R0 [^;]*$")
        self.assertRegex(report["drivers"][0]["message"], "^section .*; denied by .*: R0$")

    def test_hash_and_first_page(self):
        d = self.look("once.sys", "--digests")
        for digest in ("authentihash_sha1", "authentihash_sha256", "first_page_sha1",
                       "first_page_sha256"):
            self.assertTrue(self.denied("once.sys", [sipolicy.rule(hash=d[digest])]), digest)
            other = d[digest][:-1] + ("0" if d[digest][-1] != "0" else "1")
            self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=other)]))
        self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=d["sha256"])]))
        self.assertFalse(self.denied("once.sys", [sipolicy.rule(hash=d["authentihash_sha1"])],
                                     scenario=12))

    def test_names_and_versions(self):
        for wanted, denied in (
                (dict(name="MADE.sys"), True), (dict(name="once.sys"), False),
                (dict(name="made.sys", high=(1, 2, 3, 4)), True),
                (dict(name="made.sys", high=(1, 2, 3, 3)), False),
                (dict(name="made.sys", low=(1, 2, 3, 5)), False),
                (dict(product="Made things"), True), (dict(internal="made"), True),
                (dict(internal="made", product="x"), False)):
            self.assertEqual(denied, self.denied("plain.sys", [sipolicy.rule(**wanted)]), wanted)

    def test_signers(self):
        one, two = self.look("twice.sys", "--digests")["signer_tbs"].split(" | ")
        root = self.tbs_of_root()
        attribute = sipolicy.rule("attrib", name="made.sys", high=(2, 0, 0, 0))
        newer = sipolicy.rule("attrib", name="made.sys", low=(2, 0, 0, 0))
        allowed = sipolicy.rule("allow", name="made.sys", low=(1, 2, 3, 4))
        other = sipolicy.rule("allow", name="made.sys", low=(1, 2, 3, 5))
        for name, who, rules, denied in (
                ("once.sys", sipolicy.signer(one), (), True),
                ("plain.sys", sipolicy.signer(one), (), None),  # a catalog may sign it
                ("plain.sys", sipolicy.signer(one, attributes=[0]), (newer,), False),
                ("once.sys", sipolicy.signer(two), (), False),
                ("twice.sys", sipolicy.signer(two), (), True),  # by the nested signature only
                ("once.sys", sipolicy.signer(root), (), True),
                ("once.sys", sipolicy.signer(root, "Maker one"), (), True),
                ("once.sys", sipolicy.signer(root, "Maker two"), (), False),
                ("once.sys", sipolicy.signer(root, oem="Program one"), (), True),
                ("once.sys", sipolicy.signer(root, oem="Program two"), (), False),
                ("twice.sys", sipolicy.signer(root, "Maker two", "Program two"), (), True),
                ("twice.sys", sipolicy.signer(root, "Maker one", "Program two"), (), False),
                ("once.sys", sipolicy.signer(root, attributes=[0]), (attribute,), True),
                ("once.sys", sipolicy.signer(root, attributes=[0]), (newer,), False),
                ("once.sys", sipolicy.signer(root, exceptions=[0]), (allowed,), False),
                ("once.sys", sipolicy.signer(root, exceptions=[0]), (other,), True)):
            self.assertEqual(denied, self.denied(name, rules, [who]), (name, who))

    def test_a_namesake_of_the_issuer_does_not_hide_it(self):
        """Bug: only the first certificate of that name was looked at."""
        root = self.tbs_of_root()
        self.make("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "x.key", "-out",
                  "namesake.pem", "-subj", "/CN=Test root", "-days", "36500")
        pem = {n: (self.dir / n).read_bytes() for n in ("one.pem", "ca.pem", "namesake.pem")}
        for name, order in (("first", ("namesake.pem", "ca.pem")),
                            ("last", ("ca.pem", "namesake.pem"))):
            self.file("one.chain", pem["one.pem"] + b"".join(pem[n] for n in order))
            self.sign("plain.sys", f"{name}.sys", "one")
            self.assertTrue(self.denied(f"{name}.sys", (), [sipolicy.signer(root)]), name)
        two = (self.dir / "two.pem").read_bytes()
        for n, what in ((20, pem["namesake.pem"]), (40, two)):  # above the signer, and at all
            self.file("one.chain", pem["one.pem"] + n * what + pem["ca.pem"])
            self.sign("plain.sys", f"{n}.sys", "one")
            self.assertIsNone(self.denied(f"{n}.sys", (), [sipolicy.signer("00" * 32)]), n)

    def test_what_a_binary_policy_asks_beside_is_as_in_xml(self):
        """Bug: a usage of the key, an issuer or a time of signing was left out."""
        [one] = [self.look("once.sys", "--digests")["signer_tbs"]]
        self.assertTrue(self.denied("once.sys", (), [sipolicy.signer(one)]))
        for more in (dict(eku=True), dict(issuer="Test root"), dict(after=1)):
            self.assertIsNone(self.denied("once.sys", (), [sipolicy.signer(one, **more)]), more)
        for more in (dict(package="P"), dict(app="A")):
            self.assertIsNone(self.denied("once.sys", [sipolicy.rule(name="made.sys", **more)]))

    def test_a_list_of_what_is_allowed_leaves_the_rest_open(self):
        """Bug: whom it does not allow was not denied."""
        self.assertIsNone(self.denied("once.sys", (), [sipolicy.signer("00" * 32)], allows=True))

    def catalog(self, path, who, digest, name=None):
        """A catalog with one member that `who` signs."""
        unsigned = self.file("unsigned.cat", catalogs.catalog(
            catalogs.member(bytes.fromhex(digest), name)))
        (self.dir / path).unlink(missing_ok=True)
        self.sign(unsigned.name, path, who, "-n", "Program cat")
        unsigned.unlink()

    def test_a_catalog_signs_a_driver_and_its_signers_are_judged(self):
        plain = self.look("plain.sys", "--digests")
        root, one = self.tbs_of_root(), self.look("once.sys", "--digests")["signer_tbs"]
        for digest in (plain["authentihash_sha1"], plain["authentihash_sha256"]):
            self.catalog("x.cat", "one", digest)
            said = subprocess.run([self.osslsigncode, "verify", "-in", "plain.sys", "-catalog",
                                   "x.cat"], cwd=self.dir, capture_output=True, text=True).stdout
            self.assertIn(digest.upper(), said)
            self.assertIn("/CN=Maker one", said)
            self.assertTrue(self.look("plain.sys")["catalog"].endswith("/x.cat"))
            for signer, denied in (
                    (sipolicy.signer(one), True), (sipolicy.signer(root), True),
                    (sipolicy.signer(root, "Maker one", "Program cat"), True),
                    (sipolicy.signer(root, "Maker two"), False),
                    (sipolicy.signer(root, oem="Program one"), False)):
                self.assertEqual(denied, self.denied("plain.sys", (), [signer]), signer)

    def test_every_catalog_that_signs_a_driver_counts(self):
        """Bug: one that signs it hid another, whose signer is denied."""
        plain = self.look("plain.sys", "--digests")
        tbs = self.look("twice.sys", "--digests")["signer_tbs"].split(" | ")
        for name, who in (("a.cat", "one"), ("b.cat", "two")):
            self.catalog(name, who, plain["authentihash_sha256"])
        self.assertEqual([True, True, False], [self.denied("plain.sys", (), [sipolicy.signer(t)])
                                               for t in (*tbs, "00" * 32)])
        for name in "cdef":
            self.catalog(f"{name}.cat", "one", plain["authentihash_sha256"])
        self.assertIsNone(self.denied("plain.sys", (), [sipolicy.signer("00" * 32)]))

    def test_a_signed_driver_needs_no_digest_for_the_catalog_beside_it(self):
        self.catalog("x.cat", "one", self.look("once.sys", "--digests")["authentihash_sha1"])
        self.assertIsNone(self.look("once.sys")["authentihash_sha256"])
        plain = self.look("plain.sys")
        self.assertIsNotNone(plain["authentihash_sha256"])
        self.assertIsNone(plain["sha256"])
        self.assertIsNotNone(self.look("once.sys", "--digests")["catalog"])

    def test_a_catalog_of_other_files_signs_nothing(self):
        plain = self.look("plain.sys", "--digests")
        digest = plain["authentihash_sha256"]
        for wrong in (digest[:-1] + ("0" if digest[-1] != "0" else "1"), plain["sha256"],
                      plain["first_page_sha256"]):
            self.catalog("x.cat", "one", wrong)
            self.assertIsNone(self.look("plain.sys")["catalog"])
            self.assertIsNone(self.denied("plain.sys", (), [sipolicy.signer(self.tbs_of_root())]))

    def test_a_catalog_in_a_pack_signs_what_is_in_the_pack(self):
        digest = self.look("plain.sys", "--digests")["authentihash_sha1"]
        self.catalog("x.cat", "one", digest)
        plain, cat = ((self.dir / n).read_bytes() for n in ("plain.sys", "x.cat"))
        (self.dir / "x.cat").unlink()
        with zipfile.ZipFile(self.dir / "x.zip", "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("amd64/made.sys", plain)
            z.writestr("cats/z.cat", cat)  # behind it, and beside its folder
        self.file("x/other.sys", plain)
        found = {d["path"][len(str(self.dir)):]: d["catalog"]
                 for d in drivers(str(self.dir / "x.zip"), str(self.dir / "x"))["drivers"]}
        self.assertEqual({"/x.zip/amd64/made.sys": str(self.dir / "x.zip/cats/z.cat"),
                          "/x/other.sys": None}, found)

    def test_a_driver_that_a_policy_cannot_judge_is_named(self):
        path = self.file("policy.xml", sipolicy.xml((), [sipolicy.signer("00" * 32)]))
        said = run("drivers", "--blocklist", str(path), str(self.dir / "plain.sys"), ok=(3,)).out
        self.assertIn("UNDECIDED: 1 of 1 driver cannot be checked against the block policy",
                      said.decode())

    def test_a_policy_is_held_against_files_of_every_architecture(self):
        """43 of 24 drivers, it said: those of other architectures were not in the sum."""
        path = self.file("policy.xml", sipolicy.xml((), [sipolicy.signer("00" * 32)]))
        for n in range(3):
            self.file(f"all/arm{n}.sys", driver(machine=0xaa64) + bytes(n))
        self.file("all/pc.sys", driver())
        r = run("drivers", "--arch", "amd64", "--blocklist", str(path), str(self.dir / "all"),
                ok=(3,))
        self.assertIn("UNDECIDED: 4 of 4 drivers cannot be checked", r.out.decode())

    def test_a_report_names_the_edition_of_its_policy(self):
        rules = [sipolicy.rule(name="other.sys")]
        for policy in (sipolicy.xml(rules), sipolicy.binary(rules)):
            path = self.file("policy", policy)
            report = drivers("--blocklist", str(path), str(self.dir / "plain.sys"))
            self.assertRegex(report["as_of"]["blocklist"], r"^\d+(\.\d+){3}$")
        self.assertNotIn("blocklist", drivers(str(self.dir / "plain.sys"))["as_of"])

    def test_older_catalogs_name_members_by_text(self):
        plain = self.look("plain.sys", "--digests")
        name = plain["authentihash_sha1"].upper().encode("utf-16-le") + b"\0\0"
        self.catalog("x.cat", "one", "00" * 20, name)
        self.assertTrue(self.look("plain.sys")["catalog"].endswith("/x.cat"))

    def test_a_catalog_that_nobody_signed_or_that_is_damaged_signs_nothing(self):
        digest = self.look("plain.sys", "--digests")["authentihash_sha256"]
        self.catalog("good.cat", "one", digest)
        good = (self.dir / "good.cat").read_bytes()
        (self.dir / "good.cat").unlink()
        for bad in (catalogs.catalog(catalogs.member(bytes.fromhex(digest))), good[:-1],
                    good[:100], b"", b"text"):
            self.file("x.cat", bad)
            self.assertIsNone(self.look("plain.sys")["catalog"])

    def test_catalogs_count_for_what_is_below_their_folder_and_where_they_are_named(self):
        digest = self.look("plain.sys", "--digests")["authentihash_sha1"]
        plain = (self.dir / "plain.sys").read_bytes()
        self.catalog("x.cat", "one", digest)
        cat = (self.dir / "x.cat").read_bytes()
        (self.dir / "x.cat").unlink()
        below = self.file("a/amd64/x.sys", plain)
        self.file("a/x.cat", cat)
        self.file("b/x.sys", plain)
        found = {d["path"]: d["catalog"] for d in drivers(str(self.dir / "a"),
                                                          str(self.dir / "b"))["drivers"]}
        self.assertEqual({str(below): str(self.dir / "a/x.cat"), str(self.dir / "b/x.sys"): None},
                         found)
        [d] = drivers(str(self.dir / "b/x.sys"), str(self.dir / "a/x.cat"))["drivers"]
        self.assertEqual(str(self.dir / "a/x.cat"), d["catalog"])
        many = self.file("many/0.sys", plain).parent
        for i in range(1, 300):  # more than one judge is given
            os.link(many / "0.sys", many / f"{i}.sys")
        found = drivers(str(self.dir / "a/x.cat"), str(many))["drivers"]
        self.assertEqual([str(self.dir / "a/x.cat")] * 300, [d["catalog"] for d in found])

    def tbs_of_root(self):
        der = subprocess.run([self.openssl, "x509", "-in", "ca.pem", "-outform", "der"],
                             cwd=self.dir, check=True, capture_output=True).stdout
        size = 4 + int.from_bytes(der[6:8], "big")
        return hashlib.sha256(der[4:4 + size]).hexdigest()

    def test_a_policy_that_cannot_be_used_is_trouble(self):
        good = sipolicy.binary([sipolicy.rule(name="a")])
        for data in (b"", b"x" * 100, b"<a/>", good[:-1], good + b"\0", sipolicy.signed(b"x"),
                     sipolicy.xml()[:-20], b"\x30\x80" * 5000,
                     sipolicy.binary([sipolicy.rule(name="a")], inherits=True),
                     sipolicy.xml([sipolicy.rule(name="a")], inherits=True)):
            path = self.file("bad", data)
            check_trouble(run("drivers", "--blocklist", str(path), str(self.dir / "plain.sys"),
                              ok=(2,)))
        check_trouble(run("drivers", "--blocklist", str(self.dir / "none"),
                          str(self.dir / "plain.sys"), ok=(2,)))


if __name__ == "__main__":
    main()
