//! Binary streams: bytes for those who follow them on a WebSocket, too many or too raw for deltas.

#[cfg(feature = "unstable-radar")]
use signalk_plugin_contract::{capability, package};

use crate::boundary::imports;
use crate::error::{Error, Result};

/// Pushes bytes to those who follow the stream `name` of this plugin, on the WebSocket
/// `/signalk/v2/api/streams/plugins/<package>/<name>`. Where nobody does, they are gone.
///
/// ```
/// use signalk_plugin_sdk::stream;
///
/// stream::send("spectrum", &[0x00, 0x7f, 0xff])?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// # Errors
/// Where the name is empty or has other than letters, digits, `-` and `_`, and where the server
/// has no streams.
pub fn send(name: &str, data: &[u8]) -> Result<()> {
    check(name)?;
    let plugin = imports::plugin_id().unwrap_or_default();
    if imports::emit_binary_stream(&["plugins/", &*plugin, "/", name].concat(), data) {
        return Ok(());
    }
    Err(Error::msg("the server did not take the bytes: it has no binary streams"))
}

/// Pushes spokes of a radar, in the protocol buffers that the radar API has, to those who follow
/// `/signalk/v2/api/streams/radars/<radar>`, which is also `…/vessels/self/radars/<radar>/spokes` on
/// 2.32 and `…/stream` on 2.23. The server takes them from a provider of radars, once it has started.
///
/// # Errors
/// As [`send`], and where the plugin is no provider of radars (see [`radar`](crate::radar)).
#[cfg(feature = "unstable-radar")]
pub fn send_spokes(radar: &str, data: &[u8]) -> Result<()> {
    check(radar)?;
    if imports::emit_spokes(radar, data) {
        return Ok(());
    }
    let problem = [
        "the server did not take the spokes: it takes them after `start` has returned, from a plugin with \
         `#[signalk_plugin(radar)]` and \"",
        capability::RADAR_PROVIDER.key,
        "\": true in the ",
        package::CAPABILITIES,
        " of package.json",
    ];
    Err(Error::msg(problem.concat()))
}

/// What becomes a part of a URL.
fn check(name: &str) -> Result<()> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !name.is_empty() && name.bytes().all(is_part) {
        return Ok(());
    }
    Err(Error::msg(format!(
        "\"{name}\" is no name for a stream: use letters, digits, \"-\" and \"_\""
    )))
}
