"""Postfix and Dovecot from the machine's packages, as private instances in a folder: `make mail-servers` installs them."""

import asyncio
import os
import pwd
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.infrastructure.ports import free_port

_MISSING = "{} is not installed; `make mail-servers` does it"
_NOT_ROOT = "{} needs root to run its parts as their own users"


def require(program: str) -> str:
    """The program's path; skips the test where it cannot run."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(_MISSING.format(program))
    if os.geteuid() != 0:
        pytest.skip(_NOT_ROOT.format(program))
    return found


async def answering(port: int, greeting: bytes, *, tls: ssl.SSLContext | None = None) -> None:
    """Wait until a server greets; the test's own time-out is the limit."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
            said = await reader.readline()
            writer.close()
        except OSError:
            said = b""
        if said.startswith(greeting):
            return
        await asyncio.sleep(0.05)


# --- Dovecot --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dovecot:
    """A server of mailboxes. Every user has the same password, and a mailbox once they sign in."""

    tls_port: int
    plain_port: int
    folder: Path
    ca_file: Path
    password: str = "open-sesame-4711"

    def mailbox(self, user: str) -> Path:
        return self.folder / "mail" / user


_DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mailbox_idle_check_interval = 1 secs
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""


@asynccontextmanager
async def running_dovecot(folder: Path) -> AsyncIterator[Dovecot]:
    program, nobody = require("dovecot"), pwd.getpwnam("nobody")
    certificate = _certificate(folder)
    server = Dovecot(free_port(), free_port(), folder, certificate)
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, nobody.pw_uid, nobody.pw_gid)
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o711)
    settings = folder / "dovecot.conf"
    settings.write_text(
        _DOVECOT.format(
            folder=folder,
            user="nobody",
            group="nogroup",
            uid=nobody.pw_uid,
            gid=nobody.pw_gid,
            plain_port=server.plain_port,
            tls_port=server.tls_port,
            password=server.password,
        )
    )
    process = await asyncio.create_subprocess_exec(program, "-F", "-c", str(settings))
    try:
        await answering(server.plain_port, b"* OK")
        yield server
    finally:
        process.terminate()
        await process.wait()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return path


# --- Postfix --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postfix:
    """A mail server that takes mail for `provider.example` and hands it on by LMTP."""

    port: int
    folder: Path
    program: str

    async def flush(self) -> None:
        """Have it try again now what it could not hand on."""
        await asyncio.to_thread(
            subprocess.run, ["/usr/sbin/postqueue", "-c", str(self.folder / "etc"), "-f"], check=True
        )


_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.provider.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relay_domains = provider.example
relay_transport = lmtp:inet:127.0.0.1:{lmtp}
relay_recipient_maps =
recipient_delimiter = +
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
local_recipient_maps =
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
master_service_disable =
smtputf8_enable = no
"""


@asynccontextmanager
async def running_postfix(folder: Path, lmtp_port: int) -> AsyncIterator[Postfix]:
    program = require("postfix")
    port = free_port()
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o711)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    (folder / "etc" / "main.cf").write_text(_MAIN.format(folder=folder, lmtp=lmtp_port))
    (folder / "etc" / "master.cf").write_text(_master(port))
    command = [program, "-c", str(folder / "etc")]
    await asyncio.to_thread(subprocess.run, [*command, "start"], check=True, capture_output=True)
    try:
        await answering(port, b"220")
        yield Postfix(port, folder, program)
    finally:
        await asyncio.to_thread(subprocess.run, [*command, "abort"], check=False, capture_output=True)


def _master(port: int) -> str:
    """The parts that a server needs which takes mail and hands it on, none of them confined to the queue's folder."""
    services = [
        (f"127.0.0.1:{port}", "inet", "n", "smtpd"),
        ("pickup", "unix", "n", "pickup"),
        ("cleanup", "unix", "n", "cleanup"),
        ("qmgr", "unix", "n", "qmgr"),
        ("rewrite", "unix", "-", "trivial-rewrite"),
        ("bounce", "unix", "-", "bounce"),
        ("defer", "unix", "-", "bounce"),
        ("trace", "unix", "-", "bounce"),
        ("verify", "unix", "-", "verify"),
        ("flush", "unix", "n", "flush"),
        ("proxymap", "unix", "-", "proxymap"),
        ("relay", "unix", "-", "smtp"),
        ("smtp", "unix", "-", "smtp"),
        ("showq", "unix", "n", "showq"),
        ("error", "unix", "-", "error"),
        ("retry", "unix", "-", "error"),
        ("discard", "unix", "-", "discard"),
        ("lmtp", "unix", "-", "lmtp"),
        ("anvil", "unix", "-", "anvil"),
        ("scache", "unix", "-", "scache"),
        ("postlog", "unix-dgram", "n", "postlogd"),
    ]
    wakes = {"pickup": "60", "qmgr": "1", "flush": "1000?"}
    limits = {"cleanup": "0", "bounce": "0", "defer": "0", "trace": "0", "flush": "0", "smtpd": "-"}
    alone = {"pickup", "qmgr", "verify", "anvil", "scache", "postlog"}
    return "".join(
        f"{name} {kind} {private} - n {wakes.get(name, '-')} {limits.get(name, '1' if name in alone else '-')} {program}\n"
        for name, kind, private, program in services
    )
