"""A certificate authority of one run, and a certificate for this computer that it has signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.packages import program

AUTHORITY = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]


@dataclass(frozen=True, slots=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path


def make(folder: Path, home: Path) -> Certificates:
    """For localhost and 127.0.0.1; made by openssl."""
    folder.mkdir()
    openssl = program("openssl", home)
    authority, certificate, key = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    names = folder / "names"
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3\n")
    new = [openssl, "req", "-newkey", "rsa:2048", "-nodes", "-subj"]
    _run([*new, "/CN=test authority", "-x509", "-keyout", folder / "ca.key", "-out", authority, *AUTHORITY])
    _run([*new, "/CN=localhost", "-keyout", key, "-out", folder / "request"])
    _run([openssl, "x509", "-req", "-in", folder / "request", "-CA", authority, "-CAkey", folder / "ca.key",
          "-CAcreateserial", "-days", "2", "-extfile", names, "-out", certificate])  # fmt: skip
    key.chmod(0o644)
    return Certificates(authority, certificate, key)


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True)
