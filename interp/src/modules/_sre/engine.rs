//! Running compiled patterns over subjects: picks the drive for the subject's encoding, and finds candidates for a match
//! by the pattern's literal prefix or first-byte set before the engine is asked.

use std::borrow::Cow;

use memchr::memmem;
use rustpython_sre_engine::{Request, SreInfo, SreOpcode, State, StrDrive};
use rustpython_wtf8::Wtf8;
use taipan_objects::{
    Completion, Cx, Obj, Value, raise,
    types::{buffer, bytes, str as string, text_args},
};

/// Where a match may begin, read from the pattern's info block.
#[derive(Debug)]
enum Start {
    /// Anywhere.
    Any,
    /// Where these bytes are (ASCII subjects and bytes).
    Prefix(Box<memmem::Finder<'static>>),
    /// At a byte of this set (ASCII subjects and bytes).
    Set(Box<[bool; 256]>),
}

/// A compiled pattern's code.
#[derive(Debug)]
pub(super) struct Code {
    codes: Box<[u32]>,
    start: Start,
    min: usize,
}

impl Code {
    pub(super) fn new(codes: Vec<u32>) -> Self {
        let min = match codes.as_slice() {
            [op, _, _, min, ..] if *op == SreOpcode::INFO as u32 => *min as usize,
            _ => 0,
        };
        Self {
            start: find_start(&codes).unwrap_or(Start::Any),
            codes: codes.into_boxed_slice(),
            min,
        }
    }

    pub(super) fn words(&self) -> &[u32] {
        &self.codes
    }
}

fn find_start(codes: &[u32]) -> Option<Start> {
    let [op, skip, flags, _min, _max, rest @ ..] = codes else { return None };
    if *op != SreOpcode::INFO as u32 {
        return None;
    }
    let flags = SreInfo::from_bits_truncate(*flags);
    if flags.contains(SreInfo::PREFIX) {
        let prefix = rest.get(2..2 + *rest.first()? as usize)?;
        let bytes: Option<Vec<u8>> = prefix.iter().map(|&c| u8::try_from(c).ok()).collect();
        return bytes.map(|b| Start::Prefix(Box::new(memmem::Finder::new(&b).into_owned())));
    }
    if flags.contains(SreInfo::CHARSET) {
        return charset(codes.get(5..1 + *skip as usize)?).map(|set| Start::Set(Box::new(set)));
    }
    None
}

/// The bytes of a charset; `None` if it has parts that are not worth knowing here.
fn charset(mut codes: &[u32]) -> Option<[bool; 256]> {
    let mut set = [false; 256];
    let mut negated = false;
    loop {
        let (&op, rest) = codes.split_first()?;
        match op {
            o if o == SreOpcode::FAILURE as u32 => break,
            o if o == SreOpcode::NEGATE as u32 => {
                negated = !negated;
                codes = rest;
            }
            o if o == SreOpcode::LITERAL as u32 => {
                if let Some(b) = set.get_mut(*rest.first()? as usize) {
                    *b = true;
                }
                codes = rest.get(1..)?;
            }
            o if o == SreOpcode::RANGE as u32 => {
                let (low, high) = (*rest.first()? as usize, *rest.get(1)? as usize);
                (low..=high.min(255)).for_each(|i| set[i] = true);
                codes = rest.get(2..)?;
            }
            o if o == SreOpcode::CHARSET as u32 => {
                for (i, b) in set.iter_mut().enumerate() {
                    *b |= rest.get(i / 32)? >> (i % 32) & 1 == 1;
                }
                codes = rest.get(8..)?;
            }
            _ => return None,
        }
    }
    if negated {
        set.iter_mut().for_each(|b| *b = !*b);
    }
    Some(set)
}

/// How a pattern is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Match,
    FullMatch,
    Search,
}

/// What a pattern runs over.
pub(super) enum Subject {
    /// ASCII text.
    Ascii(Obj),
    /// Other text without lone surrogates.
    Text(Obj, &'static str),
    /// Text with lone surrogates.
    Wtf8(Obj, &'static Wtf8),
    /// Bytes, with one more byte behind them if they are a copy (the engine peeks at it).
    Bytes(Cow<'static, [u8]>),
}

impl Subject {
    /// The subject that `v` is, for a pattern of text or bytes (`None`: either).
    pub(super) fn new(cx: &mut Cx, v: Value, pattern_is_bytes: Option<bool>) -> Completion<Self> {
        if let Some(o) = string::exact(v) {
            if pattern_is_bytes == Some(true) {
                return raise!(cx, TypeError, "cannot use a bytes pattern on a string-like object");
            }
            if string::is_ascii(o) {
                return Ok(Self::Ascii(o));
            }
            let s = string::bytes_of(o);
            return match std::str::from_utf8(s) {
                Ok(text) => Ok(Self::Text(o, text)),
                Err(_) => Ok(Wtf8::from_bytes(s).map_or(Self::Ascii(o), |w| Self::Wtf8(o, w))),
            };
        }
        let data = match bytes::exact(v) {
            Some(b) => Cow::Borrowed(b.raw_bytes()),
            None => match buffer::bytes_like(cx, v)? {
                Some(data) => {
                    let mut copy = data.into_owned();
                    copy.push(0);
                    Cow::Owned(copy)
                }
                None => {
                    let name = cx.type_name(v);
                    return raise!(
                        cx,
                        TypeError,
                        "expected string or bytes-like object, got '{name}'"
                    );
                }
            },
        };
        if pattern_is_bytes == Some(false) {
            return raise!(cx, TypeError, "cannot use a string pattern on a bytes-like object");
        }
        Ok(Self::Bytes(data))
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Ascii(o) => Some(string::bytes_of(*o)),
            Self::Bytes(Cow::Borrowed(b)) => Some(b),
            Self::Bytes(Cow::Owned(v)) => Some(&v[..v.len() - 1]),
            _ => None,
        }
    }

    /// Length in characters or bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(o, _) | Self::Wtf8(o, _) => string::n_chars(*o),
            _ => self.bytes().map_or(0, <[u8]>::len),
        }
    }

    /// The bytes (WTF-8 for text) of a part.
    pub(super) fn part(&self, from: usize, to: usize) -> &[u8] {
        match self {
            Self::Text(o, _) | Self::Wtf8(o, _) => {
                let (i, j) = (string::byte_offset(*o, from), string::byte_offset(*o, to));
                &string::bytes_of(*o)[i..j.max(i)]
            }
            _ => self.bytes().and_then(|b| b.get(from..to.max(from))).unwrap_or_default(),
        }
    }

    /// A part as a Python object: `str` or `bytes`.
    pub(super) fn value(&self, cx: &mut Cx, from: usize, to: usize) -> Completion<Value> {
        if from == 0 && to == self.len() {
            match self {
                Self::Ascii(o) | Self::Text(o, _) | Self::Wtf8(o, _) => return Ok((*o).into()),
                Self::Bytes(_) => {}
            }
        }
        let part = self.part(from, to);
        match self {
            Self::Ascii(_) if let [b] = part => string::latin_char(cx, *b),
            Self::Ascii(_) => string::new_ascii(cx, part),
            Self::Bytes(_) => bytes::new(cx, part),
            _ => string::new_str_bytes(cx, part, to.saturating_sub(from)),
        }
    }

    /// An empty value of the subject's kind.
    pub(super) fn empty(&self, cx: &mut Cx) -> Completion<Value> {
        match self {
            Self::Bytes(_) => bytes::new(cx, b""),
            _ => cx.new_str(""),
        }
    }

    /// Finished output (pieces put together) as a Python object.
    pub(super) fn output(&self, cx: &mut Cx, out: &[u8]) -> Completion<Value> {
        match self {
            Self::Bytes(_) => bytes::new(cx, out),
            _ => text_args::new_text(cx, out),
        }
    }

    pub(super) fn is_bytes(&self) -> bool {
        matches!(self, Self::Bytes(_))
    }
}

/// A match: span of the whole, spans of the groups (`None`: took no part), last closed group.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) groups: Vec<Option<(usize, usize)>>,
    pub(super) last_index: Option<usize>,
}

/// Finds matches one after the other in one subject.
pub(super) struct Finder<'a> {
    pub(super) code: &'a Code,
    pub(super) subject: &'a Subject,
    n_groups: usize,
    state: State,
    /// Where the next match may begin.
    pub(super) at: usize,
    end: usize,
    /// Whether the next match must not be empty at `at`.
    pub(super) must_advance: bool,
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        code: &'a Code,
        subject: &'a Subject,
        n_groups: usize,
        at: usize,
        end: usize,
    ) -> Self {
        Self { code, subject, n_groups, state: State::default(), at, end, must_advance: false }
    }

    /// The next match in `mode`; moves on behind it.
    pub(super) fn next(&mut self, mode: Mode) -> Option<Found> {
        if self.at > self.end || !self.run(mode) {
            return None;
        }
        let (start, end) = (self.state.start, self.state.cursor.position);
        let group = |i: usize| {
            let (from, to) = self.state.marks.get(i);
            (from.is_some() && to.is_some()).then(|| (from.unwrap(), to.unwrap()))
        };
        let last = usize::try_from(self.state.marks.last_index()).ok();
        let found = Found {
            start,
            end,
            groups: (0..self.n_groups).map(group).collect(),
            last_index: last.filter(|&i| i > 0),
        };
        self.must_advance = start == end;
        self.at = end;
        Some(found)
    }

    fn run(&mut self, mode: Mode) -> bool {
        match self.subject {
            Subject::Text(_, text) => self.run_plain(*text, mode),
            Subject::Wtf8(_, text) => self.run_plain(*text, mode),
            _ => self.run_bytes(mode),
        }
    }

    fn request<S: StrDrive>(&self, string: S, start: usize, mode: Mode) -> Request<'a, S> {
        Request {
            string,
            start,
            end: self.end,
            pattern_codes: &self.code.codes,
            match_all: mode == Mode::FullMatch,
            must_advance: self.must_advance,
        }
    }

    fn run_plain<S: StrDrive>(&mut self, string: S, mode: Mode) -> bool {
        let request = self.request(string, self.at, mode);
        self.state.reset(&request, self.at);
        if mode == Mode::Search {
            self.state.search(request)
        } else {
            self.state.py_match(&request)
        }
    }

    fn run_bytes(&mut self, mode: Mode) -> bool {
        let subject = self.subject;
        let Some(s) = subject.bytes() else { return false };
        if self.end - self.at < self.code.min {
            return false;
        }
        let code = self.code;
        // What may begin anywhere may match nothing, at the very end, too.
        if mode != Mode::Search || matches!(code.start, Start::Any) {
            return self.run_plain(s, mode);
        }
        let mut at = self.at;
        // A pattern with a prefix or a first-byte set never matches nothing, so `must_advance` is satisfied.
        while at < self.end {
            let rest = &s[at..self.end];
            let next = match &code.start {
                Start::Any => Some(0),
                Start::Prefix(finder) => finder.find(rest),
                Start::Set(set) => rest.iter().position(|&b| set[usize::from(b)]),
            };
            let Some(next) = next else { return false };
            at += next;
            let request = self.request(s, at, mode);
            self.state.reset(&request, at);
            if self.state.py_match(&request) {
                return true;
            }
            at += 1;
        }
        false
    }
}
