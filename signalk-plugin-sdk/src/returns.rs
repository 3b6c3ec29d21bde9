//! Types that the author's functions may return, and the compiler's words about others.

use crate::error::{Result, from_any};
use crate::plugin::Plugin;

/// What a handler may return: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "a handler of a Signal K plugin returns nothing or `Result<()>`, not `{Self}`",
    label = "change this to `Result<()>`",
    note = "the error may be of any type that turns into a boxed `std::error::Error`"
)]
pub trait HandlerReturn {
    /// As a `Result`.
    ///
    /// # Errors
    /// The handler's own.
    fn into_result(self) -> Result<()>;
}

impl HandlerReturn for () {
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> HandlerReturn for Result<(), E> {
    fn into_result(self) -> Result<()> {
        self.map_err(from_any)
    }
}

/// What `start` may return: the plugin, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`start` returns `Result<Self>` or `Self`, not `{Self}`",
    label = "change this to `Result<Self>`"
)]
pub trait StartReturn<P> {
    /// As a `Result`.
    ///
    /// # Errors
    /// The author's own.
    fn into_result(self) -> Result<P>;
}

impl<P: Plugin> StartReturn<P> for P {
    fn into_result(self) -> Result<P> {
        Ok(self)
    }
}

impl<P: Plugin, E: Into<Box<dyn std::error::Error + Send + Sync>>> StartReturn<P> for Result<P, E> {
    fn into_result(self) -> Result<P> {
        self.map_err(from_any)
    }
}

/// What `migrate` may return.
#[diagnostic::on_unimplemented(
    message = "`migrate` returns `Result<Option<{C}>>`, not `{Self}`",
    label = "change this to `Result<Option<{C}>>`"
)]
pub trait MigrateReturn<C> {
    /// As a `Result`.
    ///
    /// # Errors
    /// The author's own.
    fn into_result(self) -> Result<Option<C>>;
}

impl<C, E: Into<Box<dyn std::error::Error + Send + Sync>>> MigrateReturn<C>
    for Result<Option<C>, E>
{
    fn into_result(self) -> Result<Option<C>> {
        self.map_err(from_any)
    }
}

/// A type without a value of it, so that an argument can carry the place of an error.
#[derive(Debug)]
pub struct Type<T>(std::marker::PhantomData<T>);

impl<T> Type<T> {
    /// That type.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}
