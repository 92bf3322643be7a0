"""Serves the files under FOLDER/www by Apache (Debian's apache2-bin): static_server.py FOLDER [tls]

Prints "port N" once it listens on 127.0.0.1, and ends it when terminated. With "tls" it has a certificate for
127.0.0.1, for which FOLDER/ca.pem vouches; it is reached as 127.0.0.2 too, for which nobody does.
"""
import os
import signal
import socket
import subprocess
import sys
import time

FOLDER, TLS = os.path.abspath(sys.argv[1]), sys.argv[2:] == ["tls"]
CERTIFICATES = """
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca
openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost
printf 'subjectAltName=IP:127.0.0.1' > san
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile san
"""


def config(port):
    modules = ["mpm_event", "authz_core", "mime"] + (["socache_shmcb", "ssl"] if TLS else [])
    lines = [f"ServerRoot {FOLDER}", "ServerName localhost", f"Listen 127.0.0.1:{port}", f"Listen 127.0.0.2:{port}", f"PidFile {FOLDER}/apache-{port}.pid",
             f"ErrorLog {FOLDER}/error.log", f"DefaultRuntimeDir {FOLDER}", "Mutex pthread", "TypesConfig /dev/null",
             "AddType application/json .json", f"DocumentRoot {FOLDER}/www", "StartServers 1", "ServerLimit 1",
             "ThreadsPerChild 16", "MaxRequestWorkers 16", "KeepAliveTimeout 60"]
    lines += [f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in modules]
    # Apache does not serve as root.
    lines += ["User nobody", "Group nogroup"] if os.geteuid() == 0 else []
    lines += [f"<Directory {FOLDER}/www>", "Require all granted", "</Directory>"]
    lines += ["SSLEngine on", f"SSLCertificateFile {FOLDER}/server.pem",
              f"SSLCertificateKeyFile {FOLDER}/server.key"] if TLS else []
    return "\n".join(lines) + "\n"


def free_port():
    """One that was free a moment ago: Apache cannot be told to choose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port, child):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            if child.poll() is not None:
                return False
            time.sleep(0.02)
    return False


os.makedirs(os.path.join(FOLDER, "www"), exist_ok=True)
os.chmod(FOLDER, 0o755)
if TLS:
    subprocess.run(["sh", "-ec", CERTIFICATES], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
for _ in range(5):
    number = free_port()
    # One folder may have several servers.
    with open(os.path.join(FOLDER, f"httpd-{number}.conf"), "w", encoding="utf-8") as out:
        out.write(config(number))
    apache = subprocess.Popen(["/usr/sbin/apache2", "-f", os.path.join(FOLDER, f"httpd-{number}.conf"), "-DFOREGROUND"])
    try:
        if listens(number, apache):
            print("port", number, flush=True)
            sys.exit(apache.wait())
    finally:
        apache.terminate()
        apache.wait()
sys.exit("static_server: apache2 does not start, see " + os.path.join(FOLDER, "error.log"))
