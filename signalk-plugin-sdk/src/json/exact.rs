//! The nearest double, by whole numbers of any size.
//!
//! A double that is close is had with a few multiplications. Here it is compared with what lies halfway to
//! its neighbours, exactly, and moved where it is not the nearest: a kilobyte of code, where the tables of
//! the usual ways have ten.

use std::cmp::Ordering;

/// So many digits decide between any two doubles; of those behind it matters only whether there are any.
const MOST_DIGITS: usize = 800;
/// No double has its first digit higher or lower than this.
const HIGHEST: i64 = 310;
const LOWEST: i64 = -330;

/// The double nearest to the digits of `text`, taken as one whole number, times `10^exponent`. The search
/// starts from `near`.
pub(super) fn nearest(text: &[u8], exponent: i32, near: f64) -> f64 {
    let mut digits = Whole::new();
    let mut count = 0;
    let mut behind = 0;
    let mut is_more = false;
    let (mut part, mut scale) = (0, 1);
    for digit in text.iter().take_while(|byte| !matches!(byte, b'e' | b'E')) {
        let digit = match digit {
            b'0'..=b'9' => u64::from(digit - b'0'),
            _ => continue,
        };
        if count == 0 && digit == 0 {
            continue;
        }
        if count >= MOST_DIGITS {
            behind += 1;
            is_more |= digit > 0;
            continue;
        }
        count += 1;
        part = part * 10 + digit;
        scale *= 10;
        if scale == 10_000_000_000_000_000_000 {
            digits.times_plus(scale, part);
            (part, scale) = (0, 1);
        }
    }
    digits.times_plus(scale, part);
    let mut exponent = i64::from(exponent) + behind;
    if is_more {
        digits.times_plus(10, 1);
        count += 1;
        exponent -= 1;
    }
    let first = count as i64 + exponent;
    if count == 0 || first < LOWEST {
        return 0.0;
    }
    if first > HIGHEST {
        return f64::INFINITY;
    }
    Decimal::new(digits, exponent as i32).nearest(near.min(f64::MAX))
}

/// `left · 2^exponent / right`.
struct Decimal {
    left: Whole,
    right: Whole,
    exponent: i32,
}

impl Decimal {
    fn new(digits: Whole, exponent: i32) -> Self {
        let mut decimal = Self { left: digits, right: Whole::new(), exponent };
        decimal.right.times_plus(1, 1);
        let fives = if exponent < 0 { &mut decimal.right } else { &mut decimal.left };
        let mut count = exponent.unsigned_abs();
        while count > 0 {
            // The largest power of five that fits.
            let step = count.min(27);
            fives.times_plus(5_u64.pow(step), 0);
            count -= step;
        }
        decimal
    }

    fn nearest(&self, near: f64) -> f64 {
        let mut bits = near.to_bits();
        loop {
            let goes_up = match self.cmp_above(bits) {
                Ordering::Less => false,
                Ordering::Equal => bits & 1 == 1,
                Ordering::Greater => true,
            };
            if goes_up {
                bits += 1;
                if bits < f64::INFINITY.to_bits() {
                    continue;
                }
            } else if bits > 0 {
                let goes_down = match self.cmp_above(bits - 1) {
                    Ordering::Less => true,
                    Ordering::Equal => bits & 1 == 1,
                    Ordering::Greater => false,
                };
                if goes_down {
                    bits -= 1;
                    continue;
                }
            }
            return f64::from_bits(bits);
        }
    }

    /// Compares with what lies halfway between the double of these bits and the next above it.
    fn cmp_above(&self, bits: u64) -> Ordering {
        const FRACTION: u64 = (1 << 52) - 1;
        let power = (bits >> 52) as i32;
        // The smallest doubles have no leading one, and the exponent of those above them.
        let whole = (bits & FRACTION) | u64::from(power > 0) << 52;
        let power = power.max(1) - 1075;
        let mut halfway = self.right.clone();
        halfway.times_plus(2 * whole + 1, 0);
        let shift = self.exponent - (power - 1);
        if shift < 0 {
            halfway.shift(shift.unsigned_abs());
            return self.left.cmp(&halfway);
        }
        let mut left = self.left.clone();
        left.shift(shift.unsigned_abs());
        left.cmp(&halfway)
    }
}

/// A whole number: its parts, the lowest first, none of them zero at the end.
#[derive(Clone)]
struct Whole(Vec<u64>);

impl Whole {
    const fn new() -> Self {
        Self(Vec::new())
    }

    fn times_plus(&mut self, factor: u64, more: u64) {
        let mut carry = u128::from(more);
        for part in &mut self.0 {
            carry += u128::from(*part) * u128::from(factor);
            *part = carry as u64;
            carry >>= 64;
        }
        if carry > 0 {
            self.0.push(carry as u64);
        }
    }

    /// Multiplies by so many twos.
    fn shift(&mut self, by: u32) {
        self.times_plus(1 << (by % 64), 0);
        let mut parts = vec![0; by as usize / 64];
        parts.append(&mut self.0);
        self.0 = parts;
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
