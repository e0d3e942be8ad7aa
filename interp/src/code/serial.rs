//! Code units as bytes, for caches on disk and for `marshal`.
//!
//! A header names the format: a mark, [`FINGERPRINT`] (so that bytes of another build are refused) and a
//! checksum. Then come the strings, each once, and the unit, its tables in the order of
//! [`CodeUnit`]'s fields; numbers are little-endian base 128, signed ones zigzag, and positions differences to
//! the one before.
//!
//! - Holds: [`decode`] gives back what [`encode`] took, or an error; never a unit that
//!   [`verify`](super::verify::verify) would refuse.

use std::{collections::HashMap, sync::Arc};

use rustpython_wtf8::{Wtf8, Wtf8Buf};

use super::{
    object::{
        CodeFlags, CodeUnit, Const, ExceptionEntry, Hidden, LineMark, Place, Position, Site,
        Variable,
    },
    ops::{Instr, Op},
    verify,
};

const MARK: [u8; 4] = *b"tpc2";
const HEADER_LEN: usize = 20;
/// Nesting of units and tuples beyond which bytes are refused.
const MAX_DEPTH: u32 = 500;

/// Differs between builds whose bytecode, or its form here, may differ: from the compiler's sources and the package's version.
pub const FINGERPRINT: u64 = fingerprint();

/// Why bytes are not a code unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// Bytes of something else, or of another build.
    #[error("bad magic number")]
    Foreign,
    /// Bytes that end too early or make no sense.
    #[error("bad code data")]
    Damaged,
    /// A unit that breaks the rules of bytecode.
    #[error("bad code: {0}")]
    Refused(#[from] verify::VerifyError),
}

const fn fingerprint() -> u64 {
    let hash = mix(0xcbf2_9ce4_8422_2325, env!("CARGO_PKG_VERSION").as_bytes());
    mix(hash, env!("COMPILER_SOURCES").as_bytes())
}

const fn mix(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    hash
}

/// Eight bytes at a time; tells damage, not malice.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hash = bytes.len() as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash =
            (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    }
    mix(hash, rest)
}

/// `unit` and the units in it as bytes.
#[must_use]
pub fn encode(unit: &CodeUnit) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.unit(unit);
    let Writer { body, strings, .. } = writer;
    let mut payload = Writer::default();
    payload.count(strings.len());
    for string in &strings {
        payload.count(string.len());
        payload.body.extend_from_slice(string.as_bytes());
    }
    payload.body.extend_from_slice(&body);
    let payload = payload.body;
    let mut out = Vec::with_capacity(HEADER_LEN + payload.len());
    out.extend_from_slice(&MARK);
    out.extend_from_slice(&FINGERPRINT.to_le_bytes());
    out.extend_from_slice(&checksum(&payload).to_le_bytes());
    out.extend_from_slice(&payload);
    out
}

/// The unit that `bytes` hold.
///
/// # Errors
/// Bytes of another build, damaged ones, or a unit that breaks the rules of bytecode.
pub fn decode(bytes: &[u8]) -> Result<CodeUnit, SerialError> {
    let (header, payload) = bytes.split_at_checked(HEADER_LEN).ok_or(SerialError::Foreign)?;
    let mark = [MARK.as_slice(), &FINGERPRINT.to_le_bytes()].concat();
    let sum = header.strip_prefix(mark.as_slice()).ok_or(SerialError::Foreign)?;
    if sum != checksum(payload).to_le_bytes() {
        return Err(SerialError::Damaged);
    }
    let mut reader = Reader { rest: payload, strings: Vec::new(), names: Vec::new(), depth: 0 };
    let unit = reader.strings().and_then(|()| reader.unit()).ok_or(SerialError::Damaged)?;
    verify::verify(&unit)?;
    Ok(unit)
}

#[derive(Default)]
struct Writer {
    body: Vec<u8>,
    strings: Vec<Wtf8Buf>,
    known: HashMap<Wtf8Buf, usize>,
}

impl Writer {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.body.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.body.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)) as u64);
    }

    fn count(&mut self, value: usize) {
        self.number(value as u64);
    }

    fn string(&mut self, string: &Wtf8) {
        let index = match self.known.get(string) {
            Some(&index) => index,
            None => {
                let index = self.strings.len();
                self.strings.push(string.to_wtf8_buf());
                self.known.insert(string.to_wtf8_buf(), index);
                index
            }
        };
        self.count(index);
    }

    fn text(&mut self, text: &str) {
        self.string(Wtf8::new(text));
    }

    fn unit(&mut self, unit: &CodeUnit) {
        for text in [&unit.name, &unit.qualname, &unit.filename] {
            self.text(text);
        }
        let numbers = [
            unit.first_line,
            unit.flags.0,
            unit.n_args,
            unit.n_posonly,
            unit.n_kwonly,
            unit.n_params,
            unit.n_locals,
            unit.n_regs,
            unit.n_wide,
        ];
        for number in numbers {
            self.number(u64::from(number));
        }
        self.instrs(&unit.instrs, &unit.positions);
        self.count(unit.marks.len());
        for mark in &unit.marks {
            self.number(u64::from(mark.at));
            self.number(u64::from(mark.line));
        }
        self.count(unit.exceptions.len());
        for entry in &unit.exceptions {
            for number in [entry.start, entry.end, entry.handler, u32::from(entry.exc)] {
                self.number(u64::from(number));
            }
        }
        self.constants(&unit.consts);
        self.count(unit.sites.len());
        for site in &unit.sites {
            self.number(u64::from(site.name.wrapping_add(1)));
        }
        for variables in [&unit.varnames, &unit.cellvars, &unit.freevars] {
            self.variables(variables);
        }
        self.count(unit.hidden.len());
        for hidden in &unit.hidden {
            self.variable(&hidden.variable);
            self.number(u64::from(hidden.start));
            self.number(u64::from(hidden.end));
        }
        self.count(unit.names.len());
        for name in &unit.names {
            self.text(name);
        }
    }

    fn instrs(&mut self, instrs: &[Instr], positions: &[Position]) {
        self.count(instrs.len());
        for instr in instrs {
            self.body.extend_from_slice(&[instr.op as u8, instr.a, instr.b, instr.c]);
            self.body.extend_from_slice(&instr.imm.to_le_bytes());
        }
        self.count(positions.len());
        let mut last = Position::default();
        for &position in positions {
            if position == last {
                self.body.push(0);
                continue;
            }
            // A first byte of 0 means "as before", so the line's difference is shifted by one.
            let line = i64::from(position.line) - i64::from(last.line);
            self.number((((line << 1) ^ (line >> 63)) as u64).wrapping_add(1));
            self.signed(i64::from(position.end_line) - i64::from(position.line));
            self.signed(i64::from(position.col) - i64::from(last.col));
            self.signed(i64::from(position.end_col) - i64::from(position.col));
            last = position;
        }
    }

    fn variables(&mut self, variables: &[Variable]) {
        self.count(variables.len());
        variables.iter().for_each(|variable| self.variable(variable));
    }

    fn variable(&mut self, variable: &Variable) {
        self.text(&variable.name);
        let (is_wide, index) = match variable.place {
            Place::Register(register) => (0, u64::from(register)),
            Place::Wide(slot) => (1, u64::from(slot)),
        };
        self.body.push(is_wide | u8::from(variable.is_cell) << 1);
        self.number(index);
    }

    fn constants(&mut self, constants: &[Const]) {
        self.count(constants.len());
        for constant in constants {
            self.constant(constant);
        }
    }

    fn constant(&mut self, constant: &Const) {
        let tag = match constant {
            Const::None => 0,
            Const::True => 1,
            Const::False => 2,
            Const::Ellipsis => 3,
            Const::Int(_) => 4,
            Const::BigInt(_) => 5,
            Const::Float(_) => 6,
            Const::Complex(..) => 7,
            Const::Str(_) => 8,
            Const::Bytes(_) => 9,
            Const::Tuple(_) => 10,
            Const::FrozenSet(_) => 11,
            Const::Code(_) => 12,
        };
        self.body.push(tag);
        match constant {
            Const::None | Const::True | Const::False | Const::Ellipsis => {}
            Const::Int(value) => self.signed(*value),
            Const::BigInt(digits) => self.text(digits),
            Const::Float(value) => self.body.extend_from_slice(&value.to_bits().to_le_bytes()),
            Const::Complex(real, imaginary) => {
                self.body.extend_from_slice(&real.to_bits().to_le_bytes());
                self.body.extend_from_slice(&imaginary.to_bits().to_le_bytes());
            }
            Const::Str(string) => self.string(string),
            Const::Bytes(bytes) => {
                self.count(bytes.len());
                self.body.extend_from_slice(bytes);
            }
            Const::Tuple(items) | Const::FrozenSet(items) => self.constants(items),
            Const::Code(unit) => self.unit(unit),
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    strings: Vec<&'a Wtf8>,
    /// The strings that have been asked for as names, shared.
    names: Vec<Option<Arc<str>>>,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, n_bytes: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(n_bytes)?;
        self.rest = rest;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        self.number().map(unzigzag)
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// A count of things of which each takes at least one byte, so damage cannot ask for much memory.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|&count| count <= self.rest.len())
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Box<[T]>> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(items.into_boxed_slice())
    }

    fn strings(&mut self) -> Option<()> {
        let count = self.count()?;
        self.strings.reserve_exact(count);
        for _ in 0..count {
            let len = self.count()?;
            let bytes = self.bytes(len)?;
            self.strings.push(Wtf8::from_bytes(bytes)?);
        }
        self.names.resize(count, None);
        Some(())
    }

    fn string(&mut self) -> Option<&'a Wtf8> {
        let index = usize::try_from(self.number()?).ok()?;
        self.strings.get(index).copied()
    }

    fn text(&mut self) -> Option<Arc<str>> {
        let index = usize::try_from(self.number()?).ok()?;
        let name = self.names.get_mut(index)?;
        if let Some(name) = name {
            return Some(Arc::clone(name));
        }
        let made: Arc<str> = Arc::from(self.strings.get(index)?.as_str().ok()?);
        *name = Some(Arc::clone(&made));
        Some(made)
    }

    fn unit(&mut self) -> Option<CodeUnit> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let unit = CodeUnit {
            name: self.text()?,
            qualname: self.text()?,
            filename: self.text()?,
            first_line: self.small()?,
            flags: CodeFlags(self.small()?),
            n_args: self.small()?,
            n_posonly: self.small()?,
            n_kwonly: self.small()?,
            n_params: self.small()?,
            n_locals: self.small()?,
            n_regs: self.small()?,
            n_wide: self.small()?,
            instrs: self.list(Self::instr)?,
            positions: self.positions()?,
            marks: self
                .list(|reader| Some(LineMark { at: reader.small()?, line: reader.small()? }))?,
            exceptions: self.list(Self::exception)?,
            consts: self.list(Self::constant)?,
            sites: self.list(|reader| Some(Site { name: reader.small()?.wrapping_sub(1) }))?,
            varnames: self.list(Self::variable)?,
            cellvars: self.list(Self::variable)?,
            freevars: self.list(Self::variable)?,
            hidden: self.list(|reader| {
                let (variable, start, end) = (reader.variable()?, reader.small()?, reader.small()?);
                Some(Hidden { variable, start, end })
            })?,
            names: self.list(Self::text)?,
        };
        self.depth -= 1;
        Some(unit)
    }

    fn instr(&mut self) -> Option<Instr> {
        let &[op, a, b, c, x, y, z, w] = self.bytes(8)?.first_chunk()?;
        let op = Op::ALL.get(usize::from(op)).copied()?;
        Some(Instr::new(op, a, b, c, i32::from_le_bytes([x, y, z, w])))
    }

    fn positions(&mut self) -> Option<Box<[Position]>> {
        let mut last = Position::default();
        self.list(|reader| {
            let line = match reader.number()? {
                0 => return Some(last),
                line => unzigzag(line.wrapping_sub(1)),
            };
            let near = |base: u32, by: i64| u32::try_from(i64::from(base).checked_add(by)?).ok();
            let line = near(last.line, line)?;
            let end_line = near(line, reader.signed()?)?;
            let col = near(last.col, reader.signed()?)?;
            last = Position { line, end_line, col, end_col: near(col, reader.signed()?)? };
            Some(last)
        })
    }

    fn exception(&mut self) -> Option<ExceptionEntry> {
        Some(ExceptionEntry {
            start: self.small()?,
            end: self.small()?,
            handler: self.small()?,
            exc: self.number()?.try_into().ok()?,
        })
    }

    fn variable(&mut self) -> Option<Variable> {
        let name = self.text()?;
        let bits = self.byte()?;
        let index = self.small()?;
        let place = match bits & 1 {
            0 => Place::Register(index.try_into().ok()?),
            _ => Place::Wide(index),
        };
        Some(Variable { name, place, is_cell: bits & 2 != 0 })
    }

    fn constant(&mut self) -> Option<Const> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let constant = match self.byte()? {
            0 => Const::None,
            1 => Const::True,
            2 => Const::False,
            3 => Const::Ellipsis,
            4 => Const::Int(self.signed()?),
            5 => Const::BigInt(self.text()?.to_string()),
            6 => Const::Float(self.float()?),
            7 => Const::Complex(self.float()?, self.float()?),
            8 => Const::Str(self.string()?.to_wtf8_buf()),
            9 => {
                let len = self.count()?;
                Const::Bytes(self.bytes(len)?.to_vec())
            }
            10 => Const::Tuple(self.list(Self::constant)?.into_vec()),
            11 => Const::FrozenSet(self.list(Self::constant)?.into_vec()),
            12 => Const::Code(Arc::new(self.unit()?)),
            _ => return None,
        };
        self.depth -= 1;
        Some(constant)
    }

    fn float(&mut self) -> Option<f64> {
        let bits = self.bytes(8)?.first_chunk()?;
        Some(f64::from_bits(u64::from_le_bytes(*bits)))
    }
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::{CodeUnit, HEADER_LEN, SerialError, decode, encode};
    use crate::compile::{Mode, Options, compile_module};

    fn compile(name: &str) -> CodeUnit {
        let bytes = crate::stdlib::read(name).unwrap();
        let text = String::from_utf8(bytes.into_owned()).unwrap();
        let parsed = ruff_python_parser::parse_module(&text).unwrap();
        let module = ruff_python_ast::Mod::Module(parsed.into_syntax());
        compile_module(&module, &text, name, Mode::Exec, Options::default()).unwrap()
    }

    #[test]
    fn units_come_back_as_they_were() {
        for name in ["typing.py", "_pydecimal.py", "asyncio/tasks.py", "html/entities.py"] {
            let unit = compile(name);
            let bytes = encode(&unit);
            assert_eq!(decode(&bytes).unwrap(), unit, "{name}");
        }
    }

    #[test]
    fn damage_is_noticed() {
        let bytes = encode(&compile("bisect.py"));
        assert_eq!(decode(&[]), Err(SerialError::Foreign));
        assert_eq!(decode(&bytes[..bytes.len() - 1]), Err(SerialError::Damaged));
        let mut other = bytes.clone();
        other[5] ^= 1;
        assert_eq!(decode(&other), Err(SerialError::Foreign));
        for at in (HEADER_LEN..bytes.len()).step_by(7) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x55;
            assert!(decode(&broken).is_err());
            // With a checksum that fits, whatever comes is an answer, not a crash.
            let sum = super::checksum(&broken[HEADER_LEN..]);
            broken[12..HEADER_LEN].copy_from_slice(&sum.to_le_bytes());
            let _ = decode(&broken);
        }
    }

    /// Prints size and time of the modules that start-up imports; run by hand with `--nocapture`.
    #[test]
    fn start_up_modules_stay_small() {
        let names = ["os.py", "codecs.py", "site.py", "abc.py", "io.py", "stat.py", "posixpath.py"];
        let encoded: Vec<Vec<u8>> = names.iter().map(|name| encode(&compile(name))).collect();
        let n_bytes: usize = encoded.iter().map(Vec::len).sum();
        let start = std::time::Instant::now();
        assert!(encoded.iter().all(|bytes| decode(bytes).is_ok()));
        println!("{n_bytes} bytes decoded in {:?}", start.elapsed());
        assert!(n_bytes < 400_000, "{n_bytes}");
    }
}
