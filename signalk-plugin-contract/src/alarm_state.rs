//! The words for the state of a notification and of a zone, from good to bad.

/// As good as it can be. `sk_publish_notification` refuses it; in a delta the server takes it.
pub const NOMINAL: &str = "nominal";
/// All is well.
pub const NORMAL: &str = "normal";
/// Something to know.
pub const ALERT: &str = "alert";
/// Something that may need doing soon.
pub const WARN: &str = "warn";
/// Something that needs doing now.
pub const ALARM: &str = "alarm";
/// Danger to life.
pub const EMERGENCY: &str = "emergency";

/// Every state of the Signal K specification.
pub const ALL: [&str; 6] = [NOMINAL, NORMAL, ALERT, WARN, ALARM, EMERGENCY];

/// The states that `sk_publish_notification` takes; it looks at nothing else of a notification.
pub const PUBLISHED: [&str; 5] = [NORMAL, ALERT, WARN, ALARM, EMERGENCY];
