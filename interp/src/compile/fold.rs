//! Constants: literals, and the arithmetic on them that is done at compile time.

use ruff_python_ast::{self as ast, Expr, Number, Operator, UnaryOp};

use super::Compiler;
use crate::{code::Const, syntax::literal};

/// Deepest expression that folding looks into.
const DEPTH_MAX: u32 = 100;
/// Longest string or tuple that folding makes.
const LENGTH_MAX: usize = 4096;

impl Compiler<'_> {
    /// The value of a constant expression.
    pub(super) fn fold(&self, expr: &Expr) -> Option<Const> {
        self.fold_at(expr, DEPTH_MAX)
    }

    fn fold_at(&self, expr: &Expr, depth: u32) -> Option<Const> {
        let depth = depth.checked_sub(1)?;
        match expr {
            Expr::NoneLiteral(_) => Some(Const::None),
            Expr::BooleanLiteral(node) => Some(if node.value { Const::True } else { Const::False }),
            Expr::EllipsisLiteral(_) => Some(Const::Ellipsis),
            Expr::NumberLiteral(node) => Some(number(&node.value)),
            Expr::StringLiteral(node) => Some(self.fold_string(node)),
            Expr::BytesLiteral(node) => Some(Const::Bytes(node.value.bytes().collect())),
            Expr::Name(node) if node.id == "__debug__" => {
                Some(if self.options.optimize == 0 { Const::True } else { Const::False })
            }
            Expr::UnaryOp(node) => unary(node.op, self.fold_at(&node.operand, depth)?),
            Expr::BinOp(node) => {
                binary(node.op, self.fold_at(&node.left, depth)?, self.fold_at(&node.right, depth)?)
            }
            Expr::Tuple(node) => node
                .elts
                .iter()
                .map(|item| self.fold_at(item, depth))
                .collect::<Option<_>>()
                .map(Const::Tuple),
            _ => None,
        }
    }

    fn fold_string(&self, node: &ast::ExprStringLiteral) -> Const {
        let mut value = rustpython_wtf8::Wtf8Buf::new();
        for part in node.value.iter() {
            value.push_wtf8(&literal::str_value(self.source, part));
        }
        Const::Str(value)
    }

    /// The truth value of an expression that is constant.
    pub(super) fn constant_truth(&self, expr: &Expr) -> Option<bool> {
        Some(match self.fold(expr)? {
            Const::None | Const::False => false,
            Const::True | Const::Ellipsis | Const::BigInt(_) => true,
            Const::Int(value) => value != 0,
            Const::Float(value) => value != 0.0,
            Const::Complex(real, imag) => real != 0.0 || imag != 0.0,
            Const::Str(value) => !value.is_empty(),
            Const::Bytes(value) => !value.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
            Const::Code(_) => return None,
        })
    }

    /// The value of an int constant that fits an instruction.
    pub(super) fn small_int(&self, expr: &Expr) -> Option<i32> {
        match self.fold(expr)? {
            Const::Int(value) => i32::try_from(value).ok(),
            _ => None,
        }
    }
}

/// The value of a number literal.
pub(super) fn number(value: &Number) -> Const {
    match value {
        Number::Float(value) => Const::Float(*value),
        Number::Complex { real, imag } => Const::Complex(*real, *imag),
        Number::Int(value) => match value.as_i64() {
            Some(value) => Const::Int(value),
            None => Const::BigInt(big_digits(&value.to_string())),
        },
    }
}

/// Decimal or `0x` digits of a literal in any base.
fn big_digits(text: &str) -> String {
    let text: String = text.chars().filter(|&c| c != '_').collect::<String>().to_ascii_lowercase();
    let bits = match text.get(..2) {
        Some("0o") => 3,
        Some("0b") => 1,
        _ => return text,
    };
    let mut hex = Vec::new();
    let (mut value, mut n_bits) = (0_u32, 0);
    for digit in text[2..].chars().rev() {
        value |= digit.to_digit(8).unwrap_or(0) << n_bits;
        n_bits += bits;
        while n_bits >= 4 {
            hex.push(char::from_digit(value & 15, 16).unwrap_or('0'));
            value >>= 4;
            n_bits -= 4;
        }
    }
    hex.push(char::from_digit(value & 15, 16).unwrap_or('0'));
    while hex.len() > 1 && hex.last() == Some(&'0') {
        hex.pop();
    }
    let digits: String = hex.into_iter().rev().collect();
    format!("0x{digits}")
}

fn unary(op: UnaryOp, value: Const) -> Option<Const> {
    Some(match (op, value) {
        (UnaryOp::USub, Const::Int(value)) => match value.checked_neg() {
            Some(value) => Const::Int(value),
            None => Const::BigInt("9223372036854775808".to_owned()),
        },
        (UnaryOp::USub, Const::BigInt(digits)) => match digits.strip_prefix('-') {
            Some(digits) => Const::BigInt(digits.to_owned()),
            None if digits == "9223372036854775808" => Const::Int(i64::MIN),
            None => Const::BigInt(format!("-{digits}")),
        },
        (UnaryOp::USub, Const::Float(value)) => Const::Float(-value),
        (UnaryOp::USub, Const::Complex(real, imag)) => Const::Complex(-real, -imag),
        (UnaryOp::UAdd, value @ (Const::Int(_) | Const::BigInt(_) | Const::Float(_))) => value,
        (UnaryOp::Invert, Const::Int(value)) => Const::Int(!value),
        (UnaryOp::Not, Const::True) => Const::False,
        (UnaryOp::Not, Const::False | Const::None) => Const::True,
        _ => return None,
    })
}

fn binary(op: Operator, left: Const, right: Const) -> Option<Const> {
    match (left, right) {
        (Const::Int(x), Const::Int(y)) => ints(op, x, y),
        (Const::Float(x), Const::Float(y)) => floats(op, x, y),
        (Const::Int(x), Const::Float(y)) if exact(x) => floats(op, x as f64, y),
        (Const::Float(x), Const::Int(y)) if exact(y) => floats(op, x, y as f64),
        (left, Const::Complex(real, imag)) => complexes(op, &left, real, imag),
        (Const::Str(mut x), Const::Str(y)) if op == Operator::Add => {
            x.push_wtf8(&y);
            (x.len() <= LENGTH_MAX).then_some(Const::Str(x))
        }
        (Const::Bytes(mut x), Const::Bytes(y)) if op == Operator::Add => {
            x.extend(y);
            (x.len() <= LENGTH_MAX).then_some(Const::Bytes(x))
        }
        (Const::Tuple(mut x), Const::Tuple(y)) if op == Operator::Add => {
            x.extend(y);
            (x.len() <= LENGTH_MAX).then_some(Const::Tuple(x))
        }
        _ => None,
    }
}

/// `1 + 2j`, the way complex constants (and match patterns) are written.
fn complexes(op: Operator, left: &Const, real: f64, imag: f64) -> Option<Const> {
    let (x, y) = match left {
        Const::Int(x) if exact(*x) => (*x as f64, None),
        Const::Float(x) => (*x, None),
        Const::Complex(x, y) => (*x, Some(*y)),
        _ => return None,
    };
    match (op, y) {
        (Operator::Add, y) => Some(Const::Complex(x + real, y.map_or(imag, |y| y + imag))),
        (Operator::Sub, y) => Some(Const::Complex(x - real, y.map_or(-imag, |y| y - imag))),
        _ => None,
    }
}

fn exact(value: i64) -> bool {
    value.unsigned_abs() <= 1 << 53
}

fn ints(op: Operator, x: i64, y: i64) -> Option<Const> {
    let value = match op {
        Operator::Add => x.checked_add(y)?,
        Operator::Sub => x.checked_sub(y)?,
        Operator::Mult => x.checked_mul(y)?,
        Operator::FloorDiv => {
            let quotient = x.checked_div(y)?;
            if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient }
        }
        Operator::Mod => {
            let rest = x.checked_rem(y)?;
            if rest != 0 && (rest < 0) != (y < 0) { rest + y } else { rest }
        }
        Operator::Pow => x.checked_pow(u32::try_from(y).ok()?)?,
        Operator::LShift => {
            let shifted = i128::from(x) << u32::try_from(y).ok().filter(|&y| y < 64)?;
            i64::try_from(shifted).ok()?
        }
        Operator::RShift => x >> u32::try_from(y).ok()?.min(63),
        Operator::BitAnd => x & y,
        Operator::BitOr => x | y,
        Operator::BitXor => x ^ y,
        Operator::Div if y != 0 && exact(x) && exact(y) => {
            return Some(Const::Float(x as f64 / y as f64));
        }
        Operator::Div | Operator::MatMult => return None,
    };
    Some(Const::Int(value))
}

fn floats(op: Operator, x: f64, y: f64) -> Option<Const> {
    Some(Const::Float(match op {
        Operator::Add => x + y,
        Operator::Sub => x - y,
        Operator::Mult => x * y,
        Operator::Div if y != 0.0 => x / y,
        _ => return None,
    }))
}
