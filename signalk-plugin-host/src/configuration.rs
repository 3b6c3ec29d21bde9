//! Configurations that a caller gives.

use signalk_server_model::config::text;

use crate::error::Error;

/// A configuration as compact JSON.
pub(crate) fn checked(configuration: &str) -> Result<String, Error> {
    text::compact(configuration).map_err(|error| Error::Input {
        message: format!("a configuration must be JSON, usually an object such as {{\"radius\": 50}}; {configuration:?} is {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_that_is_not_json_is_refused_with_what_was_found() {
        let error = checked("{radius: 50}").unwrap_err().to_string();
        assert!(error.contains("{radius: 50}") && error.contains("must be JSON"), "{error}");
    }
}
