//! One handler of the own ship's position, to be measured.

#![forbid(unsafe_code)]
include!("../../../handlers.rs");

bench! {}
