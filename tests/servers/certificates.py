"""A certificate authority of one run, and a certificate for this computer that it has signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.packages import program

LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3"
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
    authority = folder / "ca.pem"
    new = [openssl, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test authority"]
    _run([*new, "-x509", "-keyout", folder / "ca.key", "-out", authority, *AUTHORITY])
    return signed(authority, "cert", LOOPBACK, openssl=openssl)


def signed(authority: Path, name: str, names: str, *, days: int = 2, openssl: str = "openssl") -> Certificates:
    """Beside the authority, `NAME.pem` for alternative names, and its key; one of -1 days has expired a day ago."""
    folder = authority.parent
    certificate, key, request, extensions = (folder / f"{name}.{end}" for end in ("pem", "key", "request", "names"))
    extensions.write_text(f"subjectAltName={names}\n")
    _run([openssl, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request])
    _run([openssl, "x509", "-req", "-in", request, "-CA", authority, "-CAkey", folder / "ca.key", "-CAcreateserial",
          "-days", str(days), "-extfile", extensions, "-out", certificate])  # fmt: skip
    key.chmod(0o644)
    return Certificates(authority, certificate, key)


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True)
