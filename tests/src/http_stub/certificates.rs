//! Certificates that are made as a test runs, good and bad.

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    SignatureAlgorithm, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that a stub is called by.
const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// What keys are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyType {
    /// ECDSA on the curve P-256, signatures with SHA-256.
    #[default]
    EcdsaP256,
    /// ECDSA on the curve P-384, signatures with SHA-384.
    EcdsaP384,
    /// Ed25519.
    Ed25519,
}

impl KeyType {
    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            Self::EcdsaP256 => &PKCS_ECDSA_P256_SHA256,
            Self::EcdsaP384 => &PKCS_ECDSA_P384_SHA384,
            Self::Ed25519 => &PKCS_ED25519,
        }
    }
}

/// A certificate authority of a test's own, and the certificates that servers show.
pub struct Certificates {
    key_type: KeyType,
    trusted: Authority,
}

impl Certificates {
    /// An authority with ECDSA keys on P-256.
    ///
    /// # Errors
    ///
    /// Where the system has no random numbers.
    pub fn new() -> Result<Self> {
        Self::with_keys(KeyType::default())
    }

    /// An authority that has keys of a type, and gives such to servers.
    ///
    /// # Errors
    ///
    /// As [`Certificates::new`].
    pub fn with_keys(key_type: KeyType) -> Result<Self> {
        Ok(Self { key_type, trusted: Authority::new("HTTP stub CA", key_type)? })
    }

    /// The authority's own certificate, for a client to trust, as text.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.trusted.pem
    }

    /// The authority's own certificate, for a client to trust, as bytes.
    #[must_use]
    pub fn ca_der(&self) -> &[u8] {
        &self.trusted.der
    }

    /// A certificate that nothing is wrong with, for `localhost` and 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where it cannot be made, as with all of them.
    pub fn good(&self) -> Result<Certificate> {
        self.issue(server_params(&NAMES)?, &self.trusted)
    }

    /// One that ended with the year 2020.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn expired(&self) -> Result<Certificate> {
        let mut params = server_params(&NAMES)?;
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.issue(params, &self.trusted)
    }

    /// One for another server.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn wrong_name(&self) -> Result<Certificate> {
        self.issue(server_params(&["elsewhere.example"])?, &self.trusted)
    }

    /// One of an authority that nobody knows.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn unknown_ca(&self) -> Result<Certificate> {
        self.issue(server_params(&NAMES)?, &Authority::new("Unknown CA", self.key_type)?)
    }

    /// One of no authority.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn self_signed(&self) -> Result<Certificate> {
        let key = KeyPair::generate_for(self.key_type.algorithm())?;
        let der = server_params(&NAMES)?.self_signed(&key)?.der().to_vec();
        Ok(Certificate { der, key: key.serialize_der() })
    }

    fn issue(&self, params: CertificateParams, authority: &Authority) -> Result<Certificate> {
        let key = KeyPair::generate_for(self.key_type.algorithm())?;
        let signed = params
            .signed_by(&key, &authority.issuer)
            .context("the certificate cannot be signed")?;
        Ok(Certificate { der: signed.der().to_vec(), key: key.serialize_der() })
    }
}

/// What a server shows, with the key to it.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    key: Vec<u8>,
}

impl Certificate {
    pub(super) fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![CertificateDer::from(self.der.clone())]
    }

    pub(super) fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.clone()).into()
    }
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: Vec<u8>,
}

impl Authority {
    fn new(name: &str, key_type: KeyType) -> Result<Self> {
        let key = KeyPair::generate_for(key_type.algorithm())?;
        let mut params = params(Vec::new(), name)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?;
        let (pem, der) = (certificate.pem(), certificate.der().to_vec());
        Ok(Self { issuer: Issuer::new(params, key), pem, der })
    }
}

fn server_params(names: &[&str]) -> Result<CertificateParams> {
    let mut params = params(names.iter().copied().map(String::from).collect(), "HTTP stub")?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn params(names: Vec<String>, common_name: &str) -> Result<CertificateParams> {
    let mut params = CertificateParams::new(names)?;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, common_name);
    Ok(params)
}
