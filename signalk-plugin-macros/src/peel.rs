//! Takes off what a `macro_rules!` has put in: a fragment such as `$path:literal` or `$kind:ty` comes
//! in a group without brackets, which says nothing and is in the way of everybody who looks for a literal.

use syn::{Expr, Type};

/// The expression in such groups.
pub(crate) fn expression(expression: Expr) -> Expr {
    match expression {
        Expr::Group(group) if group.attrs.is_empty() => self::expression(*group.expr),
        other => other,
    }
}

/// The type in such groups.
pub(crate) fn ty(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => self::ty(&group.elem),
        other => other,
    }
}
