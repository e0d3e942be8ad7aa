//! The format mini-language: parsing a specifier, and applying one to text.
//!
//! `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`
//!
//! Numbers are laid out in `format_num.rs`. Error texts are CPython's.

use super::{TextError, cp, shape};

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between sign and digits.
    AfterSign,
}

impl Align {
    fn from_code(c: u32) -> Option<Self> {
        match c {
            60 => Some(Self::Left),
            62 => Some(Self::Right),
            94 => Some(Self::Center),
            61 => Some(Self::AfterSign),
            _ => None,
        }
    }
}

/// A parsed specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Padding code point.
    pub fill: u32,
    /// Whether the specifier named the padding or the `0` flag.
    pub fill_given: bool,
    /// Alignment, the type's default if not given.
    pub align: Align,
    /// `+`, `-`, space, or 0 if none.
    pub sign: u8,
    /// `z`: negative zero becomes zero.
    pub no_neg_zero: bool,
    /// `#`.
    pub alternate: bool,
    /// Minimum width in code points.
    pub width: Option<usize>,
    /// `,` or `_` for the integer part, or 0.
    pub grouping: u8,
    /// `,` or `_` for the fraction, or 0.
    pub frac_grouping: u8,
    /// Digits or code points.
    pub precision: Option<usize>,
    /// The type letter, or the default; 0 if the type has no default.
    pub ty: u32,
}

struct Reader {
    points: Vec<u32>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> u32 {
        self.points.get(self.at).copied().unwrap_or(0)
    }

    fn more(&self) -> bool {
        self.at < self.points.len()
    }

    fn eat(&mut self, c: u8) -> bool {
        let hit = self.more() && self.peek() == u32::from(c);
        self.at += usize::from(hit);
        hit
    }

    /// Reads decimal digits of any script; `None` if there are none.
    fn number(&mut self) -> Result<Option<usize>, TextError> {
        let mut value = None;
        while self.more() {
            let Some(d) = super::classify::decimal_value(self.peek()) else { break };
            let next =
                value.unwrap_or(0_usize).checked_mul(10).and_then(|v| v.checked_add(d as usize));
            match next {
                Some(v) if v <= isize::MAX as usize => value = Some(v),
                _ => return Err(TextError::value("Too many decimal digits in format string")),
            }
            self.at += 1;
        }
        Ok(value)
    }
}

fn both_groupings() -> TextError {
    TextError::value("Cannot specify both ',' and '_'.")
}

/// Parses `text` for an object of type `type_name`.
pub fn parse(text: &[u8], type_name: &str, ty: u8, align: Align) -> Result<Spec, TextError> {
    let mut r = Reader { points: cp::iter(text).collect(), at: 0 };
    let mut spec = Spec {
        fill: 32,
        fill_given: false,
        align,
        sign: 0,
        no_neg_zero: false,
        alternate: false,
        width: None,
        grouping: 0,
        frac_grouping: 0,
        precision: None,
        ty: u32::from(ty),
    };
    let align_given = parse_align(&mut r, &mut spec);
    if matches!(r.peek(), 32 | 43 | 45) {
        spec.sign = r.peek() as u8;
        r.at += 1;
    }
    spec.no_neg_zero = r.eat(b'z');
    spec.alternate = r.eat(b'#');
    if !spec.fill_given && r.eat(b'0') {
        spec.fill = 48;
        spec.fill_given = true;
        if !align_given && align == Align::Right {
            spec.align = Align::AfterSign;
        }
    }
    spec.width = r.number()?;
    spec.grouping = parse_grouping(&mut r)?;
    if r.eat(b'.') {
        spec.precision = r.number()?;
        spec.frac_grouping = parse_grouping(&mut r)?;
        if spec.precision.is_none() && spec.frac_grouping == 0 {
            return Err(TextError::value("Format specifier missing precision"));
        }
    }
    match r.points.len() - r.at {
        0 => {}
        1 => spec.ty = r.peek(),
        _ => {
            let shown = String::from_utf8_lossy(text);
            return Err(TextError::value(format!(
                "Invalid format specifier '{shown}' for object of type '{type_name}'"
            )));
        }
    }
    check_grouping(&mut spec)?;
    Ok(spec)
}

fn parse_align(r: &mut Reader, spec: &mut Spec) -> bool {
    if let Some(align) = r.points.get(1).and_then(|&c| Align::from_code(c)) {
        spec.align = align;
        spec.fill = r.points[0];
        spec.fill_given = true;
        r.at = 2;
        return true;
    }
    if let Some(align) = r.points.first().and_then(|&c| Align::from_code(c)) {
        spec.align = align;
        r.at = 1;
        return true;
    }
    false
}

fn parse_grouping(r: &mut Reader) -> Result<u8, TextError> {
    let mut grouping = 0;
    if r.eat(b',') {
        grouping = b',';
    }
    if r.eat(b'_') {
        if grouping != 0 {
            return Err(both_groupings());
        }
        grouping = b'_';
    }
    if grouping == b'_' && r.peek() == 44 {
        return Err(both_groupings());
    }
    Ok(grouping)
}

fn check_grouping(spec: &mut Spec) -> Result<(), TextError> {
    for grouping in [spec.grouping, spec.frac_grouping] {
        if grouping == 0 {
            continue;
        }
        let fits = match spec.ty {
            0 => true,
            c if c < 128 => match c as u8 {
                b'd' | b'e' | b'f' | b'g' | b'E' | b'G' | b'%' | b'F' => true,
                b'b' | b'o' | b'x' | b'X' => grouping == b'_',
                _ => false,
            },
            _ => false,
        };
        if !fits {
            let g = grouping as char;
            return Err(TextError::value(match spec.ty {
                c @ 33..128 => format!("Cannot specify '{g}' with '{}'.", c as u8 as char),
                c => format!("Cannot specify '{g}' with '\\x{c:x}'."),
            }));
        }
    }
    Ok(())
}

/// "Unknown format code" for `spec.ty`.
pub fn unknown_type(ty: u32, type_name: &str) -> TextError {
    TextError::value(match ty {
        33..128 => {
            format!("Unknown format code '{}' for object of type '{type_name}'", ty as u8 as char)
        }
        _ => format!("Unknown format code '\\x{ty:x}' for object of type '{type_name}'"),
    })
}

/// `format(s, spec)` for text; `len` is its number of code points.
pub fn format_text(
    s: &[u8],
    len: usize,
    spec_text: &[u8],
    type_name: &str,
) -> Result<Vec<u8>, TextError> {
    let spec = parse(spec_text, type_name, b's', Align::Left)?;
    if spec.ty != u32::from(b's') {
        return Err(unknown_type(spec.ty, type_name));
    }
    let refuse = |what: &str| {
        Err(TextError::value(format!("{what} not allowed in string format specifier")))
    };
    if spec.sign != 0 {
        return refuse(if spec.sign == b' ' { "Space" } else { "Sign" });
    }
    if spec.no_neg_zero {
        return refuse("Negative zero coercion (z)");
    }
    if spec.alternate {
        return refuse("Alternate form (#)");
    }
    if spec.align == Align::AfterSign {
        return refuse("'=' alignment");
    }
    let (s, len) = match spec.precision {
        Some(p) if p < len => (&s[..cp::advance(s, 0, p)], p),
        _ => (s, len),
    };
    pad(s, len, &spec)
}

/// Pads `s` (`len` code points) to the width of `spec`; `=` counts as right alignment.
pub fn pad(s: &[u8], len: usize, spec: &Spec) -> Result<Vec<u8>, TextError> {
    let total = spec.width.unwrap_or(0).saturating_sub(len);
    if total == 0 {
        return Ok(s.to_vec());
    }
    check_len(total)?;
    let left = match spec.align {
        Align::Left => 0,
        Align::Right | Align::AfterSign => total,
        Align::Center => total / 2,
    };
    let mut fill = Vec::with_capacity(4);
    cp::push(&mut fill, spec.fill);
    Ok(shape::pad(s, left, total - left, &fill))
}

/// Refuses results that could never be allocated.
pub(super) fn check_len(n: usize) -> Result<(), TextError> {
    if !shape::allocatable(n) {
        return Err(TextError { kind: super::ErrorKind::Memory, message: String::new() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str, spec: &str) -> Result<String, String> {
        format_text(s.as_bytes(), cp::count(s.as_bytes()), spec.as_bytes(), "str")
            .map(|v| String::from_utf8(v).unwrap())
            .map_err(|e| e.message)
    }

    #[test]
    fn text_is_cut_and_padded() {
        assert_eq!(text("abc", "*^7.2").unwrap(), "**ab***");
        assert_eq!(text("é", "05").unwrap(), "é0000");
        assert_eq!(text("é", "→>3").unwrap(), "→→é");
        assert_eq!(text("x", ".0").unwrap(), "");
    }

    #[test]
    fn errors_are_worded_as_in_cpython() {
        let err = |spec| text("a", spec).unwrap_err();
        assert_eq!(err("d"), "Unknown format code 'd' for object of type 'str'");
        assert_eq!(err("\x01"), "Unknown format code '\\x1' for object of type 'str'");
        assert_eq!(err(","), "Cannot specify ',' with 's'.");
        assert_eq!(err(",_"), "Cannot specify both ',' and '_'.");
        assert_eq!(err("="), "'=' alignment not allowed in string format specifier");
        assert_eq!(err("10.2.3"), "Invalid format specifier '10.2.3' for object of type 'str'");
        assert_eq!(err("."), "Format specifier missing precision");
        assert_eq!(err("99999999999999999999"), "Too many decimal digits in format string");
    }
}
