//! Errors that end a function in one line.

/// Returns an error made of a text, with the arguments of `format!`.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
///
/// fn depth(metres: f64) -> Result<f64> {
///     if metres < 0.0 {
///         bail!("a depth of {metres} m is none");
///     }
///     Ok(metres)
/// }
/// assert_eq!(depth(-1.5).unwrap_err().to_string(), "a depth of -1.5 m is none");
/// ```
///
/// A request is answered with 500, or with the status that stands in front, as of a
/// [`StatusError`](crate::http::StatusError): one of those that HTTP has for errors (400, 404, 409, 503 …).
///
/// ```
/// use signalk_plugin_sdk::http::StatusError;
/// use signalk_plugin_sdk::prelude::*;
///
/// fn engine(id: &str) -> Result<u8> {
///     ensure!(!id.is_empty(), 400, "which engine?");
///     bail!(404, "there is no engine \"{id}\"")
/// }
/// let status = |id| engine(id).unwrap_err().downcast_ref().map(StatusError::status);
/// assert_eq!((status(""), status("port")), (Some(400), Some(404)));
/// ```
#[macro_export]
macro_rules! bail {
    (@status $status:literal, $($message:tt)+) => {
        return ::core::result::Result::Err(
            $crate::http::StatusError::new($status, ::std::format!($($message)+)).into(),
        )
    };
    // One by one: a text is a literal, too.
    (400, $($message:tt)+) => { $crate::bail!(@status 400, $($message)+) };
    (401, $($message:tt)+) => { $crate::bail!(@status 401, $($message)+) };
    (403, $($message:tt)+) => { $crate::bail!(@status 403, $($message)+) };
    (404, $($message:tt)+) => { $crate::bail!(@status 404, $($message)+) };
    (405, $($message:tt)+) => { $crate::bail!(@status 405, $($message)+) };
    (406, $($message:tt)+) => { $crate::bail!(@status 406, $($message)+) };
    (409, $($message:tt)+) => { $crate::bail!(@status 409, $($message)+) };
    (410, $($message:tt)+) => { $crate::bail!(@status 410, $($message)+) };
    (412, $($message:tt)+) => { $crate::bail!(@status 412, $($message)+) };
    (413, $($message:tt)+) => { $crate::bail!(@status 413, $($message)+) };
    (415, $($message:tt)+) => { $crate::bail!(@status 415, $($message)+) };
    (422, $($message:tt)+) => { $crate::bail!(@status 422, $($message)+) };
    (423, $($message:tt)+) => { $crate::bail!(@status 423, $($message)+) };
    (424, $($message:tt)+) => { $crate::bail!(@status 424, $($message)+) };
    (425, $($message:tt)+) => { $crate::bail!(@status 425, $($message)+) };
    (428, $($message:tt)+) => { $crate::bail!(@status 428, $($message)+) };
    (429, $($message:tt)+) => { $crate::bail!(@status 429, $($message)+) };
    (500, $($message:tt)+) => { $crate::bail!(@status 500, $($message)+) };
    (501, $($message:tt)+) => { $crate::bail!(@status 501, $($message)+) };
    (502, $($message:tt)+) => { $crate::bail!(@status 502, $($message)+) };
    (503, $($message:tt)+) => { $crate::bail!(@status 503, $($message)+) };
    (504, $($message:tt)+) => { $crate::bail!(@status 504, $($message)+) };
    (507, $($message:tt)+) => { $crate::bail!(@status 507, $($message)+) };
    ($($message:tt)*) => {
        return ::core::result::Result::Err($crate::Error::msg(::std::format!($($message)*)).into())
    };
}

/// Returns an error made of a text unless a condition holds; as [`bail!`](crate::bail), with a status in front if a
/// request is to be answered with it.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
///
/// fn check(satellites: u8) -> Result<()> {
///     ensure!(satellites >= 4, "only {satellites} satellites");
///     Ok(())
/// }
/// assert!(check(3).is_err());
/// ```
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $($message:tt)*) => {
        if !$condition {
            $crate::bail!($($message)*);
        }
    };
}

pub(crate) use {bail, ensure};
