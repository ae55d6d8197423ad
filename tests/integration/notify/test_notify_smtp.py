"""The way to the mail server: encrypted, signed in, and not at all if the server is not who it says."""

import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notify.mail.smtp import Fate, Outcome, SmtpPost
from services.notify.settings import Settings
from tests.infrastructure.mailbox import running_mailbox

PASSWORD = "the password of the mailbox"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's own certificate, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def server_options(certificate: Path, seen: list[object]) -> dict[str, Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def authenticate(_server: object, _session: object, _envelope: object, _how: str, data: object) -> AuthResult:
        seen.append(data)
        is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=is_right)

    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "auth_require_tls": True,
        "authenticator": authenticate,
    }


async def handed_over(port: int, **changed: Any) -> Outcome:
    given: dict[str, Any] = {
        "system_key": "the key that services share",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_user": "helpdesk",
        "smtp_password": PASSWORD,
        "smtp_timeout_seconds": 10,
        **changed,
    }
    message = EmailMessage()
    message["Subject"] = "S"
    message.set_content("T")
    return await SmtpPost(Settings(**given)).hand_over(message, "helpdesk@provider.example", "jane@acme.example")


async def test_a_mail_goes_encrypted_and_signed_in(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    seen: list[object] = []
    async with running_mailbox(**server_options(certificate, seen)) as mailbox:
        assert await handed_over(mailbox.port) == Outcome(Fate.TAKEN)
        assert mailbox.recipients == ["jane@acme.example"]
        assert len(seen) == 1


async def test_a_wrong_password_is_for_the_operator_to_mend_and_refuses_no_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with running_mailbox(**server_options(certificate, [])) as mailbox:
        outcome = await handed_over(mailbox.port, smtp_password="another", smtp_timeout_seconds=3)
        assert (outcome.fate, mailbox.came) == (Fate.NOT_NOW, [])


async def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(certificate: Path) -> None:
    seen: list[object] = []
    async with running_mailbox(**server_options(certificate, seen)) as mailbox:
        outcome = await handed_over(mailbox.port)
        assert (outcome.fate, mailbox.came, seen) == (Fate.NOT_NOW, [], [])


async def test_a_server_without_tls_gets_neither_password_nor_mail() -> None:
    async with running_mailbox() as mailbox:
        outcome = await handed_over(mailbox.port)
        assert (outcome.fate, mailbox.came) == (Fate.NOT_NOW, [])
