"""A certificate authority for tests, and a certificate for this machine signed by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write_certificates(folder: Path, name: str = "test") -> tuple[Path, Path, Path]:
    """The files of the authority, of a certificate for localhost, and of its key."""
    folder.mkdir(exist_ok=True)
    root_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    here = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)

    def certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_root: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        )
        # Python 3.13 and later refuse a certificate that does not name the key which signed it.
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
        builder = builder.add_extension(signer, critical=False)
        if is_root:
            usage = dict.fromkeys(
                ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "encipher_only", "decipher_only"), False)  # fmt: skip
            signs = x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage)
            mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
            builder = builder.add_extension(signs, critical=True).add_extension(mark, critical=False)
        else:
            builder = builder.add_extension(here, critical=False)
        return builder.sign(root_key, hashes.SHA256())

    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    files = (folder / f"{name}-ca.pem", folder / f"{name}.pem", folder / f"{name}.key")
    files[0].write_bytes(certificate(root_name, root_key, is_root=True).public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(certificate(own_name, own_key, is_root=False).public_bytes(serialization.Encoding.PEM))
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[2].write_bytes(own_key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return files
