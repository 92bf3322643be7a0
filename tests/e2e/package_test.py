"""The packages: what is in them, and that they work away from the tree they were built in."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["SWITCHBOARD_BUILD"]
PROGRAMS = ["switchboardd", "switchboardctl", "switchboard-channel", "switchboard-demo", "switchboard-sim"]
# What every Debian 12 has.
BASE = re.compile(r"(linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so)")


def told(*command, **how):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **how)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="switchboard-package-")
        out = os.environ.get("SWITCHBOARD_PACKAGES", cls.folder)
        os.makedirs(out, exist_ok=True)
        for old in glob.glob(out + "/switchboard*"):
            os.remove(old)
        told("cpack", "-B", out, "--config", os.path.join(BUILD, "CPackConfig.cmake"), cwd=BUILD)
        shutil.rmtree(out + "/_CPack_Packages", ignore_errors=True)
        cls.deb, = glob.glob(out + "/*.deb")
        cls.tarball, = glob.glob(out + "/*.tar.gz")
        cls.root, cls.control = cls.folder + "/root", cls.folder + "/control"
        told("dpkg-deb", "-x", cls.deb, cls.root)
        told("dpkg-deb", "-e", cls.deb, cls.control)
        told("tar", "-xzf", cls.tarball, "-C", cls.folder)
        cls.unpacked, = filter(os.path.isdir, glob.glob(cls.folder + "/switchboard-*-debian12-*"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_the_deb_has_what_a_service_needs(self):
        names = {line.split()[5][1:] for line in told("dpkg-deb", "-c", self.deb).splitlines()}
        wanted = {"/usr/bin/" + p for p in PROGRAMS} | {
            "/lib/systemd/system/switchboardd.service", "/etc/switchboard/switchboardd.yaml", "/etc/switchboard/dispatch.yaml",
            "/usr/share/man/man8/switchboardd.8", "/usr/share/bash-completion/completions/switchboardctl",
            "/usr/share/switchboard/demo/demo.yaml", "/usr/share/doc/switchboard/" + "operations.md"}
        wanted |= {f"/usr/share/man/man1/{p}.1" for p in PROGRAMS[1:]}
        self.assertEqual(wanted - names, set())
        self.assertEqual({n for n in names if n.startswith("/usr/lib")}, set())

    def test_the_deb_names_the_libraries_it_needs_and_is_stripped(self):
        depends = told("dpkg-deb", "-f", self.deb, "Depends")
        for package in ("libcaf", "liblmdb0", "libssl3", "libsodium23"):
            self.assertIn(package, depends)
        for program in PROGRAMS:
            self.assertNotIn("not stripped", told("file", f"{self.root}/usr/bin/{program}"))

    def test_files_of_etc_are_the_administrator_s_and_the_scripts_are_sound(self):
        with open(self.control + "/conffiles", encoding="utf-8") as file:
            conffiles = file.read().split()
        self.assertEqual([n for n in conffiles if not os.path.exists(self.root + n)], [])
        etc = [os.path.join("/etc/switchboard", n) for n in os.listdir(self.root + "/etc/switchboard")]
        self.assertEqual(sorted(etc), sorted(conffiles))
        for script in ("postinst", "prerm", "postrm"):
            self.assertTrue(os.access(f"{self.control}/{script}", os.X_OK))
            told("sh", "-n", f"{self.control}/{script}")

    def test_the_example_configuration_is_all_right(self):
        said = told(self.root + "/usr/bin/switchboardd", "--config", self.root + "/etc/switchboard/switchboardd.yaml",
                    "--check-config")
        self.assertIn("all right", said)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_systemd_finds_nothing_wrong_with_the_unit(self):
        unit = self.folder + "/switchboardd.service"
        with open(self.root + "/lib/systemd/system/switchboardd.service", encoding="utf-8") as file:
            text = file.read()
        # The program lies elsewhere here, and the page is not installed.
        text = re.sub(r"man:\S+ ", "", text.replace("/usr/bin/switchboardd", self.root + "/usr/bin/switchboardd"))
        text = text.replace("file:/usr", "file:" + self.root + "/usr")
        with open(unit, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
        about_it = [line for line in done.stderr.splitlines() if "switchboard" in line]
        self.assertEqual(about_it, [], done.stderr)

    def test_the_tarball_brings_every_library_debian_may_lack(self):
        for program in PROGRAMS:
            for line in told("ldd", f"{self.unpacked}/bin/{program}").splitlines():
                if not BASE.search(line):
                    self.assertIn(self.unpacked + "/", os.path.realpath(line.split("=>")[1].split("(")[0].strip()), line)

    def test_the_programs_run_from_any_folder(self):
        for folder in (self.unpacked + "/bin", self.root + "/usr/bin"):
            for program in PROGRAMS:
                self.assertRegex(told(f"{folder}/{program}", "--version", cwd="/"), rf"^{program} \d+\.\d+\.\d+\n$")

    @unittest.skipUnless(shutil.which("bash"), "no bash here")
    def test_bash_completes_commands_and_options(self):
        path = self.unpacked + "/bin:" + os.environ["PATH"]
        script = self.root + "/usr/share/bash-completion/completions/switchboardctl"
        for typed, wanted in (("sess", "sessions"), ("account cre", "create"), ("sessions --st", "--state")):
            words = ["switchboardctl", *typed.split()]
            line = " ".join(f"'{w}'" for w in words)
            said = told("bash", "-c", f". {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _switchboard; "
                        "printf '%s\\n' \"${COMPREPLY[@]}\"", env={**os.environ, "PATH": path})
            self.assertIn(wanted, said.split())


if __name__ == "__main__":
    unittest.main(verbosity=2)
