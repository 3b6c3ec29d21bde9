//! The address from which a datagram came.

/// The place where the host writes who has sent a datagram. It is not told how much room there is.
pub(crate) struct SenderAddress {
    pub(super) text: [u8; 64],
    pub(super) port: u16,
}

impl SenderAddress {
    pub(crate) const fn new() -> Self {
        Self { text: [0; 64], port: 0 }
    }

    /// The address up to the NUL that ends it.
    pub(crate) fn host(&self) -> &str {
        let end = self.text.iter().position(|byte| *byte == 0).unwrap_or(self.text.len());
        std::str::from_utf8(self.text.get(..end).unwrap_or_default()).unwrap_or_default()
    }

    pub(crate) const fn port(&self) -> u16 {
        u16::from_le(self.port)
    }
}
